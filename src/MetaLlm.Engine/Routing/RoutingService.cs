using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing.Circuits;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>The path of a request: embed, decide durably, call, reroute while the client has seen nothing, answer, settle.</summary>
/// <remarks>Safe for concurrent use; it owns nothing of a tenant, so that any node may run it.</remarks>
/// <param name="engine">Where tenants live.</param>
/// <param name="embeddings">Turns queries into vectors.</param>
/// <param name="provider">Calls models.</param>
/// <param name="catalog">Which upstream serves an arm.</param>
/// <param name="circuits">Which models may be called.</param>
/// <param name="options">How often to reroute.</param>
/// <param name="settlements">Takes settlements to their owners.</param>
/// <param name="metrics">Counts and times.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Failures of arms; no prompt content.</param>
public sealed partial class RoutingService(
    ITenantEngine engine,
    QueryEmbeddings embeddings,
    IChatProvider provider,
    IArmCatalog catalog,
    CircuitBreakers circuits,
    RoutingOptions options,
    PendingSettlements settlements,
    RoutingMetrics metrics,
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
        var settler = new CallSettler(settlements, time, tenant, decision.DecisionId);
        try
        {
            return await CallAsync(tenant, decision, payload, settler, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The upstream has the prompt and may charge for it.
            settler.Settle(CallOutcome.Aborted, new TokenUsage(decision.InputTokens, 0, 0));
            throw;
        }
        catch
        {
            settler.Settle(CallOutcome.Failed, default);
            throw;
        }
    }

    private async Task<DecisionRecord> DecideAsync(
        string tenant, string query, DecisionRequest request, DecisionOrigin origin, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var embedding = await EmbedAsync(tenant, query, cancellationToken).ConfigureAwait(false);
        var refused = catalog.Targets(tenant).Where(t => !circuits.Status(t.Value).Admits).Select(t => t.Key).ToList();
        var asked = request with
        {
            Features = request.Features with { Embedding = embedding },
            UnhealthyArms = refused.Count == 0 ? null : refused,
            Origin = origin,
        };
        var decision = await AskEngineAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
        metrics.Decided(tenant, decision.ChosenArm, decision.Pinned, time.GetElapsedTime(started));
        return decision;
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
                var attempt = await AttemptAsync(tenant, decision, arm, payload, cancellationToken).ConfigureAwait(false);
                metrics.Answering(tenant, arm, settler.SinceRequest);
                return new RoutedCall(decision, arm, failures.Count + 1, attempt, settler);
            }
            catch (ChatProviderException e)
            {
                LogAttemptFailed(logger, arm, tenant, decision.DecisionId, e.Failure, e.Message);
                metrics.Failed(tenant, arm, e.Failure);
                failures.Add(new(arm, e.Failure));
                var next = failures.Count(f => f.Value != ChatFailure.CircuitOpen) < options.MaxAttempts ? NextBest(tenant, decision, failures) : null;
                if (next is null)
                {
                    throw new UpstreamsExhaustedException(decision.DecisionId, failures, e);
                }

                // Durable before the client can see an answer of another arm, whatever the client does meanwhile.
                await engine.RerouteAsync(tenant, new Reroute(decision.DecisionId, next.ArmId, next.CostUsd, e.Failure.ToString(), next.BoundUsd), CancellationToken.None).ConfigureAwait(false);
                metrics.Rerouted(tenant, arm, next.ArmId);
                arm = next.ArmId;
            }
        }
    }

    private async ValueTask<float[]> EmbedAsync(string tenant, string query, CancellationToken cancellationToken)
    {
        using var activity = RoutingActivities.Embed(tenant, embeddings.Model);
        try
        {
            return await embeddings.EmbedAsync(tenant, query, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            activity.Failed(e);
            throw;
        }
    }

    private async ValueTask<DecisionRecord> AskEngineAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        using var activity = RoutingActivities.Decide(tenant);
        try
        {
            var decision = await engine.DecideAsync(tenant, request, cancellationToken).ConfigureAwait(false);
            activity.Decided(decision);
            return decision;
        }
        catch (NoFeasibleArmException e) when (RetryAfter(tenant, e) is { } wait)
        {
            activity.Failed(e);
            throw new NoFeasibleArmException(e.Exclusions) { RetryAfter = wait, HardCap = e.HardCap };
        }
        catch (Exception e)
        {
            activity.Failed(e);
            throw;
        }
    }

    /// <summary>How long until the first model that a circuit breaker keeps out may be called again; null when it keeps none out.</summary>
    private TimeSpan? RetryAfter(string tenant, NoFeasibleArmException refusal)
    {
        var targets = catalog.Targets(tenant);
        return refusal.Exclusions
            .Where(e => e.Value == ArmExclusions.Unhealthy && targets.ContainsKey(e.Key))
            .Select(e => (TimeSpan?)circuits.Status(targets[e.Key]).Remaining)
            .Min();
    }

    private async Task<Attempt> AttemptAsync(
        string tenant, DecisionRecord decision, string arm, ChatPayload payload, CancellationToken cancellationToken)
    {
        if (!catalog.Targets(tenant).TryGetValue(arm, out var target))
        {
            throw new ChatProviderException(ChatFailure.Gone, $"Arm '{arm}' was removed from the configuration.");
        }

        if (circuits.TryEnter(target) is not { } circuit)
        {
            throw new ChatProviderException(ChatFailure.CircuitOpen, "The circuit breaker of the model is open.") { RetryAfter = circuits.Status(target).Remaining };
        }

        var call = new ChatCall
        {
            Endpoint = target.Endpoint,
            Model = target.Model,
            Body = payload.Body,
            Stream = payload.Stream,
            ResponseId = ChatIds.FromDecision(decision.DecisionId),
            ResponseModel = arm,
            Options = target.Options,
            InputTokens = decision.InputTokens,
        };
        var activity = RoutingActivities.Call(tenant, decision, arm, target, payload.Stream);
        try
        {
            var response = await provider.SendAsync(call, cancellationToken).ConfigureAwait(false);
            circuit.Answering();
            return new Attempt(response, circuit, activity);
        }
        catch (ChatProviderException e)
        {
            circuit.Failed(e.RetryAfter);
            activity.Failed(e.Failure);
            activity?.Dispose();
            throw;
        }
        catch (Exception e)
        {
            circuit.Aborted();
            activity.Failed(e);
            activity?.Dispose();
            throw;
        }
    }

    private ArmAssessment? NextBest(string tenant, DecisionRecord decision, List<KeyValuePair<string, ChatFailure>> tried)
    {
        var targets = catalog.Targets(tenant);
        return decision.Arms
            .Where(a => a.Exclusion is null && tried.TrueForAll(t => t.Key != a.ArmId))
            .Where(a => targets.TryGetValue(a.ArmId, out var target) && circuits.Status(target).Admits)
            .OrderByDescending(a => a.Score)
            .ThenBy(a => a.ArmId, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
