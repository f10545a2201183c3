using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>The path of a request: embed, decide durably, call, reroute while the client has seen nothing, settle, answer.</summary>
/// <remarks>Safe for concurrent use; it owns nothing of a tenant, so that any node may run it.</remarks>
/// <param name="engine">Where tenants live.</param>
/// <param name="embedder">Turns queries into vectors.</param>
/// <param name="provider">Calls models.</param>
/// <param name="catalog">Which upstream serves an arm.</param>
/// <param name="health">Which models are held out.</param>
/// <param name="options">How often to reroute.</param>
/// <param name="instruments">Meters.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Failures of arms; no prompt content.</param>
public sealed partial class RoutingService(
    ITenantEngine engine,
    IEmbedder embedder,
    IChatProvider provider,
    IArmCatalog catalog,
    ArmHealth health,
    RoutingOptions options,
    RoutingInstruments instruments,
    TimeProvider time,
    ILogger<RoutingService> logger)
{
    /// <summary>Decides and calls nothing; the outcome may be reported later.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">The text that says what is wanted. It is embedded, and neither logged nor sent on.</param>
    /// <param name="request">What is known of the query without its embedding, and the caller's wishes.</param>
    /// <param name="cancellationToken">Cancels before the decision is recorded.</param>
    /// <returns>The decision; it is durable.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded.</exception>
    public Task<DecisionRecord> RouteAsync(string tenant, string query, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return DecideAsync(tenant, query, request, DecisionOrigin.Route, cancellationToken);
    }

    /// <summary>Decides, calls the chosen arm, and turns to the next best one for as long as the client has seen nothing.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">The text that says what is wanted. It is embedded, and neither logged nor sent on.</param>
    /// <param name="request">What is known of the query without its embedding, and the caller's wishes.</param>
    /// <param name="payload">The client's request as it came.</param>
    /// <param name="cancellationToken">The client's patience; what is owed when it ends is settled all the same.</param>
    /// <returns>An answer that has begun; dispose it.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded; nothing was decided.</exception>
    /// <exception cref="UpstreamsExhaustedException">Every arm that was tried failed; the decision is settled.</exception>
    public async Task<RoutedCall> ChatAsync(
        string tenant, string query, DecisionRequest request, ChatPayload payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(payload);
        var decision = await DecideAsync(tenant, query, request, DecisionOrigin.Call, cancellationToken).ConfigureAwait(false);
        var settler = new CallSettler(engine, instruments, time, logger, tenant, decision.DecisionId);
        try
        {
            return await CallAsync(tenant, decision, payload, settler, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The upstream has the prompt and may charge for it.
            await settler.SettleAsync(CallOutcome.Aborted, new TokenUsage(decision.InputTokens, 0, 0)).ConfigureAwait(false);
            throw;
        }
        catch
        {
            await settler.SettleAsync(CallOutcome.Failed, default).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Settles a decision whose call the caller made itself. Reports on unknown or settled decisions, and on calls of the gateway, change nothing.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="report">What the caller knows.</param>
    /// <param name="cancellationToken">Cancels before the settlement is recorded.</param>
    /// <returns>False when the call is the gateway's own, which the caller has no say in.</returns>
    public async Task<bool> ReportAsync(string tenant, OutcomeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var stored = await engine.FindDecisionAsync(tenant, report.DecisionId, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            return true;
        }

        if (stored.Decision.Origin == DecisionOrigin.Call)
        {
            return false;
        }

        var cost = report.CostUsd ?? (report.Usage is null ? stored.Decision.ReservedUsd : null);
        var settlement = new Settlement
        {
            DecisionId = report.DecisionId,
            Outcome = CallOutcome.Completed,
            Usage = report.Usage ?? InferUsage(stored, cost ?? 0, catalog.Targets(tenant)),
            CostUsd = cost,
            LatencySeconds = report.LatencySeconds,
        };
        await engine.SettleAsync(tenant, settlement, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<DecisionRecord> DecideAsync(
        string tenant, string query, DecisionRequest request, DecisionOrigin origin, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var embedding = await embedder.EmbedAsync(query, cancellationToken).ConfigureAwait(false);
        var heldOut = catalog.Targets(tenant).Where(t => health.IsHeldOut(t.Value)).Select(t => t.Key).ToList();
        var asked = request with
        {
            Features = request.Features with { Embedding = embedding },
            UnhealthyArms = heldOut.Count == 0 ? null : heldOut,
            Origin = origin,
        };
        var decision = await engine.DecideAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
        instruments.Decided(tenant, decision.ChosenArm, decision.Pinned, time.GetElapsedTime(started));
        return decision;
    }

    private static TokenUsage InferUsage(StoredDecision stored, double costUsd, IReadOnlyDictionary<string, ArmTarget> targets)
    {
        var input = stored.Decision.InputTokens;
        if (!targets.TryGetValue(stored.ServedArm, out var target) || target.Prices.Output <= 0)
        {
            return new TokenUsage(input, 0, 0);
        }

        var forOutput = costUsd - (input * target.Prices.Input);
        return new TokenUsage(input, 0, Math.Max(0, forOutput / target.Prices.Output));
    }

    private async Task<RoutedCall> CallAsync(
        string tenant, DecisionRecord decision, ChatPayload payload, CallSettler settler, CancellationToken cancellationToken)
    {
        var failures = new List<KeyValuePair<string, ChatFailure>>();
        var arm = decision.ChosenArm;
        while (true)
        {
            settler.Attempting(arm);
            try
            {
                var response = await AttemptAsync(tenant, decision, arm, payload, cancellationToken).ConfigureAwait(false);
                instruments.Answering(tenant, arm, settler.SinceRequest);
                return new RoutedCall(decision, arm, failures.Count + 1, response, settler);
            }
            catch (ChatProviderException e)
            {
                LogAttemptFailed(logger, arm, tenant, decision.DecisionId, e.Failure, e.Message);
                instruments.Failed(tenant, arm, e.Failure);
                failures.Add(new(arm, e.Failure));
                var next = failures.Count < options.MaxAttempts ? NextBest(tenant, decision, failures) : null;
                if (next is null)
                {
                    throw new UpstreamsExhaustedException(decision.DecisionId, failures, e);
                }

                // Durable before the client can see an answer of another arm, whatever the client does meanwhile.
                await engine.RerouteAsync(tenant, new Reroute(decision.DecisionId, next.ArmId, next.CostUsd, e.Failure.ToString()), CancellationToken.None).ConfigureAwait(false);
                instruments.Rerouted(tenant, arm, next.ArmId);
                arm = next.ArmId;
            }
        }
    }

    private async Task<ChatResponse> AttemptAsync(
        string tenant, DecisionRecord decision, string arm, ChatPayload payload, CancellationToken cancellationToken)
    {
        if (!catalog.Targets(tenant).TryGetValue(arm, out var target))
        {
            throw new ChatProviderException(ChatFailure.Gone, $"Arm '{arm}' was removed from the configuration.");
        }

        var call = new ChatCall
        {
            Endpoint = target.Endpoint,
            Model = target.Model,
            Body = payload.Body,
            Stream = payload.Stream,
            ResponseId = ChatIds.FromDecision(decision.DecisionId),
            ResponseModel = arm,
        };
        try
        {
            var response = await provider.SendAsync(call, cancellationToken).ConfigureAwait(false);
            health.Succeeded(target);
            return response;
        }
        catch (ChatProviderException e)
        {
            var heldOut = health.Failed(target, e.RetryAfter);
            if (heldOut > TimeSpan.Zero)
            {
                LogHeldOut(logger, arm, tenant, heldOut.TotalSeconds);
            }

            throw;
        }
    }

    private ArmAssessment? NextBest(string tenant, DecisionRecord decision, List<KeyValuePair<string, ChatFailure>> tried)
    {
        var targets = catalog.Targets(tenant);
        return decision.Arms
            .Where(a => a.Exclusion is null && tried.TrueForAll(t => t.Key != a.ArmId))
            .Where(a => targets.TryGetValue(a.ArmId, out var target) && !health.IsHeldOut(target))
            .OrderByDescending(a => a.Score)
            .ThenBy(a => a.ArmId, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
