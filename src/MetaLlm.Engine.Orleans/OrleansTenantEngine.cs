using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans;

/// <summary>All tenants of a cluster: each lives in one grain, wherever that is. Works on a silo and in a client alike.</summary>
/// <remarks>
/// A call that is lost with a silo is made again until the cluster has found out that the silo is gone, which takes seconds. Where that does not help, or
/// where an answer does not come in time, the call ends with an <see cref="EngineUnavailableException"/>.
/// </remarks>
public sealed class OrleansTenantEngine : ITenantEngine
{
    private readonly IGrainFactory _grains;
    private readonly ClusterCalls _calls;
    private readonly SettlementSender _settlements;

    // To find a grain by its interface takes longer than the rest of sending it a message.
    private readonly ConcurrentDictionary<string, ITenantPolicyGrain> _owners = new(StringComparer.Ordinal);
    private readonly JournalReaders? _readers;
    private IJournalWorkerGrain? _worker;

    /// <summary>Creates the engine.</summary>
    /// <param name="grains">The cluster.</param>
    public OrleansTenantEngine(IGrainFactory grains)
        : this(grains, new ClusterCalls(new SiloDepartures(), TimeProvider.System))
    {
    }

    /// <summary>Creates the engine.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="calls">Makes the calls that may be made twice.</param>
    /// <param name="readers">What silos can read; null to leave that to the tenant's owner.</param>
    internal OrleansTenantEngine(IGrainFactory grains, ClusterCalls calls, JournalReaders? readers = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        _grains = grains;
        _calls = calls;
        _readers = readers;
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
        var owner = Owner(tenant, cancellationToken);
        return _calls.AskAsync(() => owner.ConfigureAsync(json, restart, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Loads a tenant's state, from its journal where no snapshot can be read, and saves a snapshot unless the newest one holds everything. Waits for as long as that takes.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait; what the rebuild has come to is saved when the silo stops.</param>
    /// <exception cref="UnknownTenantException">No configuration was ever recorded.</exception>
    /// <exception cref="InvalidDataException">The journal cannot be replayed.</exception>
    public async ValueTask RebuildAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);
        while (true)
        {
            try
            {
                await _calls.AskAsync(() => owner.CheckpointAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EngineUnavailableException error) when (error.InnerException is TimeoutException)
            {
                // The rebuild takes longer than any call may, and goes on.
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) => TranslateAsync(Owner(tenant, cancellationToken).DeleteAsync(cancellationToken));

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
    public ValueTask<BudgetResetReceipt> ResetBudgetAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead<BudgetResetEvent>();
        return TranslateAsync(owner.ResetBudgetAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var owner = Owner(tenant, cancellationToken);
        if (request.Candidates is not null)
        {
            // An owner of an earlier release would have its policy choose.
            _readers?.ThrowUnlessAllRead(JournalReaders.PricedDecision);
        }

        var call = _calls.Repeats ? Guid.NewGuid() : Guid.Empty;
        return _calls.AskAsync(() => owner.DecideAsync(request, call, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        var owner = Owner(tenant, cancellationToken);
        return _calls.AskAsync(() => owner.RerouteAsync(reroute, cancellationToken), cancellationToken);
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
        var worker = Worker(tenant, cancellationToken);
        return _calls.AskAsync(() => worker.SubmitFeedbackAsync(tenant, submissions, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var worker = Worker(tenant, cancellationToken);
        return _calls.AskAsync(() => worker.FindDecisionAsync(tenant, decisionId, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisionIds);
        var worker = Worker(tenant, cancellationToken);
        return _calls.AskAsync(() => worker.FindDecisionsAsync(tenant, decisionIds, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);
        return _calls.AskAsync(() => owner.DescribeAsync(cancellationToken), cancellationToken);
    }

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
