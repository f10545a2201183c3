using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans;

/// <summary>All tenants of a cluster: each lives in one grain, wherever that is. Works on a silo and in a client alike.</summary>
/// <remarks>A silo that is gone, or does not answer in time, is an <see cref="EngineUnavailableException"/>; the next call goes to another.</remarks>
public sealed class OrleansTenantEngine : ITenantEngine
{
    private readonly IGrainFactory _grains;
    private readonly SettlementSender _settlements;

    // To find a grain by its interface takes longer than the rest of sending it a message.
    private readonly ConcurrentDictionary<string, ITenantPolicyGrain> _owners = new(StringComparer.Ordinal);
    private IJournalWorkerGrain? _worker;

    /// <summary>Creates the engine.</summary>
    /// <param name="grains">The cluster.</param>
    public OrleansTenantEngine(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        _grains = grains;
        _settlements = new SettlementSender(Owner);
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TranslateAsync(_grains.GetGrain<IJournalWorkerGrain>(0).ProbeAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var json = new Immutable<byte[]>(TenantConfigurationJson.Encode(configuration));
        return TranslateAsync(Owner(tenant, cancellationToken).ConfigureAsync(json, restart, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<RelearnReceipt> RelearnAsync(string tenant, CancellationToken cancellationToken) =>
        TranslateAsync(Owner(tenant, cancellationToken).RelearnAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return TranslateAsync(Owner(tenant, cancellationToken).WarmStartAsync(set, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        return TranslateAsync(Owner(tenant, cancellationToken).QuizAsync(quiz, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TranslateAsync(Owner(tenant, cancellationToken).DecideAsync(request, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        return TranslateAsync(Owner(tenant, cancellationToken).RerouteAsync(reroute, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(settlement);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return TranslateAsync(new ValueTask(_settlements.SendAsync(tenant, settlement).WaitAsync(cancellationToken)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        return TranslateAsync(Worker(tenant, cancellationToken).SubmitFeedbackAsync(tenant, submissions, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        TranslateAsync(Worker(tenant, cancellationToken).FindDecisionAsync(tenant, decisionId, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisionIds);
        return TranslateAsync(Worker(tenant, cancellationToken).FindDecisionsAsync(tenant, decisionIds, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken) =>
        TranslateAsync(Owner(tenant, cancellationToken).DescribeAsync(cancellationToken));

    private static async ValueTask TranslateAsync(ValueTask call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }

    private static async ValueTask<T> TranslateAsync<T>(ValueTask<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }

    private ITenantPolicyGrain Owner(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return Owner(tenant);
    }

    private ITenantPolicyGrain Owner(string tenant) =>
        _owners.GetOrAdd(tenant, static (key, grains) => grains.GetGrain<ITenantPolicyGrain>(key), _grains);

    private IJournalWorkerGrain Worker(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return _worker ??= _grains.GetGrain<IJournalWorkerGrain>(0);
    }
}
