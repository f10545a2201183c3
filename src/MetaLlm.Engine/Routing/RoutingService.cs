using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
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
/// <param name="calls">A line for each call; null for none.</param>
/// <param name="retrievers">What arms with retrieval ask; null for none.</param>
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
    ILogger<RoutingService> logger,
    CallLog? calls = null,
    IRetrievers? retrievers = null)
{
    private readonly QuietLog _quiet = new(time);

    /// <summary>Decides and calls nothing; the outcome may be reported later.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">The text that says what is wanted. It is embedded, and neither logged nor sent on.</param>
    /// <param name="request">What is known of the query without its embedding, and the caller's wishes.</param>
    /// <param name="cancellationToken">Cancels before the decision is recorded.</param>
    /// <returns>The decision; it is durable.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded.</exception>
    /// <exception cref="OverloadedException">The query would wait too long for its embedding.</exception>
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
    /// <param name="decided">Is told the decision before the first arm is called; null for nobody.</param>
    /// <param name="cancellationToken">The client's patience; what is owed when it ends is settled all the same.</param>
    /// <returns>An answer that has begun; dispose it.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded; nothing was decided.</exception>
    /// <exception cref="UpgradeInProgressException">The request names models beside the policy (<see cref="DecisionRequest.Candidates"/>), which a silo of an earlier release cannot book.</exception>
    /// <exception cref="OverloadedException">The query would wait too long for its embedding; nothing was decided.</exception>
    /// <exception cref="UpstreamsExhaustedException">Every arm that was tried failed; the decision is settled.</exception>
    public Task<RoutedCall> ChatAsync(
        string tenant, string query, DecisionRequest request, ChatPayload payload, Action<DecisionRecord>? decided, CancellationToken cancellationToken) =>
        ChatAsync(tenant, query, request, payload, decided, admitted: null, cancellationToken);

    /// <summary>As above, for a call of a tenant with limits, which are told what it has used.</summary>
    internal async Task<RoutedCall> ChatAsync(
        string tenant, string query, DecisionRequest request, ChatPayload payload, Action<DecisionRecord>? decided, AdmittedCall? admitted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(payload);
        var decision = await DecideAsync(tenant, query, request, DecisionOrigin.Call, cancellationToken).ConfigureAwait(false);
        decided?.Invoke(decision);
        var settler = new CallSettler(settlements, time, tenant, decision, request, admitted) { Log = calls is { IsOn: true } ? calls : null, RequestId = payload.RequestId, Metrics = metrics.GenAi, Kind = payload.Kind };
        admitted?.AwaitSettlement();
        try
        {
            return await CallAsync(tenant, decision, payload, settler, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            settler.Abort();
            throw;
        }
        catch
        {
            settler.Fail();
            throw;
        }
    }

    /// <summary>What the tenant's policy would decide now. Nothing is recorded, counted or called.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">The text that says what is wanted. It is embedded, and neither logged nor sent on.</param>
    /// <param name="request">What is known of the query without its embedding, and the caller's wishes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A decision whose id is no decision's.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded.</exception>
    /// <exception cref="OverloadedException">The query would wait too long for its embedding.</exception>
    public Task<DecisionRecord> PreviewAsync(string tenant, string query, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return DecideAsync(tenant, query, request, origin: null, cancellationToken);
    }

    /// <summary>Decides; without an origin, previews.</summary>
    private async Task<DecisionRecord> DecideAsync(
        string tenant, string query, DecisionRequest request, DecisionOrigin? origin, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await catalog.PrepareAsync(tenant, cancellationToken).ConfigureAwait(false);
        var embedding = request.Candidates is null ? await EmbedAsync(tenant, query, cancellationToken).ConfigureAwait(false) : [];
        var asked = request with
        {
            Features = Seen(tenant, query, request, embedding),
            UnhealthyArms = Unhealthy(tenant),
            Origin = origin ?? DecisionOrigin.Route,
        };
        if (origin is null)
        {
            return await engine.PreviewAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
        }

        var decision = await AskEngineAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
        metrics.Decided(tenant, decision, time.GetElapsedTime(started));
        return decision;
    }

    private QueryFeatures Seen(string tenant, string query, DecisionRequest request, float[] embedding) =>
        request.Features.SeenWith(query, catalog.Context(tenant)) with { Embedding = embedding };

    /// <summary>Arms that a circuit breaker keeps out; null for none.</summary>
    private List<string>? Unhealthy(string tenant)
    {
        List<string>? refused = null;
        foreach (var (arm, target) in catalog.Targets(tenant))
        {
            if (!circuits.Status(tenant, target).Admits)
            {
                (refused ??= []).Add(arm);
            }
        }

        return refused;
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
            cancellationToken.ThrowIfCancellationRequested();
            var asked = engine.DecideAsync(tenant, request, CancellationToken.None).AsTask();
            var decision = await KnownAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
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
            .Select(e => (TimeSpan?)circuits.Status(tenant, targets[e.Key]).Remaining)
            .Min();
    }

    /// <summary>Waits for a decision. One that nobody waits for any more is settled: its caller, who never learns of it, calls nothing.</summary>
    private async ValueTask<DecisionRecord> KnownAsync(string tenant, Task<DecisionRecord> asked, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = ForgetAsync(tenant, asked);
            throw;
        }
    }

    private async Task ForgetAsync(string tenant, Task<DecisionRecord> asked)
    {
        // Where it failed, nothing was decided.
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (asked.IsCompletedSuccessfully)
        {
            new CallSettler(settlements, time, tenant, asked.Result).Abort();
        }
    }
}
