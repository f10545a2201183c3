using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans;

/// <summary>All tenants of a cluster: each lives in one grain, or in as many as it has shards, wherever they are. Works on a silo and in a client alike.</summary>
/// <remarks>
/// A call that is lost with a silo is made again until the cluster has found out that the silo is gone, which takes seconds. Where that does not help, or
/// where an answer does not come in time, the call ends with an <see cref="EngineUnavailableException"/>.
/// </remarks>
public sealed partial class OrleansTenantEngine : ITenantEngine
{
    private readonly IGrainFactory _grains;
    private readonly ClusterCalls _calls;
    private readonly SettlementSender _settlements;
    private readonly OwnerDirectory _owners;
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
        _owners = new OwnerDirectory(grains, calls, readers);
        _settlements = new SettlementSender(_owners.Find);
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ClusterFailures.TranslateAsync(_grains.GetGrain<IJournalWorkerGrain>(0).ProbeAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var owner = Owner(tenant, cancellationToken);
        if (tenant.Contains(TenantOwner.Mark, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Tenant '{tenant}' has a '{TenantOwner.Mark}' in its name, which stands between a tenant and the number of its owner.", nameof(tenant));
        }

        return ConfigureAsync(tenant, owner, configuration, restart, cancellationToken);
    }

    private async ValueTask ConfigureAsync(
        string tenant, ITenantPolicyGrain owner, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        _readers?.ThrowUnlessAllRead(configuration);
        var json = new Immutable<byte[]>(TenantConfigurationJson.Encode(configuration));
        await _calls.AskAsync(() => owner.ConfigureAsync(json, restart, cancellationToken), cancellationToken).ConfigureAwait(false);
        _owners.Learn(tenant, configuration.Shards ?? 1);
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
        await RebuildAsync(Owner(tenant, cancellationToken), cancellationToken).ConfigureAwait(false);
        var shards = await _owners.CountAsync(tenant, cancellationToken).ConfigureAwait(false);
        for (var number = 2; number <= shards; number++)
        {
            await RebuildAsync(_owners.Find(TenantOwner.Name(tenant, number)), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RebuildAsync(ITenantPolicyGrain owner, CancellationToken cancellationToken)
    {
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
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await ClusterFailures.TranslateAsync(Owner(tenant, cancellationToken).DeleteAsync(cancellationToken)).ConfigureAwait(false);
        _owners.Forget(tenant);
    }

    /// <inheritdoc/>
    public ValueTask<RelearnReceipt> RelearnAsync(string tenant, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Owner(tenant, cancellationToken).RelearnAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return ClusterFailures.TranslateAsync(Owner(tenant, cancellationToken).WarmStartAsync(set, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        return ClusterFailures.TranslateAsync(Owner(tenant, cancellationToken).QuizAsync(quiz, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(string tenant, EvidenceQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead<EvidencedEvent>();
        return _calls.AskAsync(() => owner.ChooseEvidenceAsync(question, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<EvidenceReceipt> TellEvidenceAsync(string tenant, string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var owner = Owner(tenant, cancellationToken);
        _readers?.ThrowUnlessAllRead<EvidencedEvent>();
        return ClusterFailures.TranslateAsync(owner.TellEvidenceAsync(decisionId, answers, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<BudgetResetReceipt> ResetBudgetAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead<BudgetResetEvent>();
        return ClusterFailures.TranslateAsync(owner.ResetBudgetAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask CompareAsync(string tenant, long ordinal, bool? differs, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead<ComparedEvent>();
        return ClusterFailures.TranslateAsync(owner.CompareAsync(ordinal, differs, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Candidates is not null)
        {
            // An owner of an earlier release would have its policy choose.
            _readers?.ThrowUnlessAllRead(JournalReaders.PricedDecision);
        }

        var shards = _owners.CountAsync(tenant, cancellationToken);
        return shards is { IsCompletedSuccessfully: true, Result: 1 }
            ? AskAsync(tenant, request, cancellationToken)
            : DecideAsync(tenant, request, shards, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord> PreviewAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead(JournalReaders.Preview);
        return _calls.AskAsync(() => owner.PreviewAsync(request, cancellationToken), cancellationToken);
    }

    private ValueTask<DecisionRecord> AskAsync(string owner, DecisionRequest request, CancellationToken cancellationToken)
    {
        var grain = _owners.Find(owner);
        var call = _calls.Repeats ? Guid.NewGuid() : Guid.Empty;
        return _calls.AskAsync(() => grain.DecideAsync(request, call, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Of several owners, one decides. Where its part of a cap has no room, or its state is being rebuilt, the next one is asked: a request is refused when all have refused it.
    /// </summary>
    private async ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, ValueTask<int> counted, CancellationToken cancellationToken)
    {
        var shards = await counted.ConfigureAwait(false);
        var (first, anew, refused) = (OwnerDirectory.Pick(request, shards), false, (Exception?)null);
        for (var asked = 0; asked < shards;)
        {
            var owner = TenantOwner.Name(tenant, 1 + ((first + asked) % shards));
            try
            {
                var decision = await AskAsync(owner, request, cancellationToken).ConfigureAwait(false);
                return decision.Tenant == tenant ? decision : decision with { Tenant = tenant };
            }
            catch (Exception refusal) when (refusal is NoFeasibleArmException { HardCap: not null } or TenantRebuildingException)
            {
                refused = Kinder(refused, refusal);
                asked++;
            }
            catch (UnknownTenantException) when (!anew && owner != tenant)
            {
                // The tenant was deleted, and perhaps made again.
                _owners.Forget(tenant);
                (asked, anew, refused) = (0, true, null);
                shards = await _owners.CountAsync(tenant, cancellationToken).ConfigureAwait(false);
                first %= shards;
            }
        }

        throw refused!;
    }

    /// <summary>Of two refusals, the one that tells the caller more: with how much less the request would fit.</summary>
    private static Exception Kinder(Exception? one, Exception other) =>
        one is NoFeasibleArmException { HardCap: { } before } && !(other is NoFeasibleArmException { HardCap: { } cap } && (cap.MaxOutputTokens ?? 0) > (before.MaxOutputTokens ?? 0)) ? one : other;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(string tenant, IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead(JournalReaders.Assessment);
        return _calls.AskAsync(() => owner.AssessAsync(requests, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        var owner = Owner(TenantOwner.OfDecision(tenant, reroute.DecisionId), cancellationToken);
        return _calls.AskAsync(() => owner.RerouteAsync(reroute, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(settlement);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return ClusterFailures.TranslateAsync(new ValueTask(_settlements.SendAsync(TenantOwner.OfDecision(tenant, settlement.DecisionId), settlement).WaitAsync(cancellationToken)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        var worker = Worker(tenant, cancellationToken);
        return OfOwnersAsync(
            tenant,
            submissions,
            submission => submission.DecisionId,
            (owner, some) => _calls.AskAsync(() => worker.SubmitFeedbackAsync(owner, some, cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var worker = Worker(tenant, cancellationToken);
        var owner = TenantOwner.OfDecision(tenant, decisionId);
        return owner == tenant ? AskAsync() : FindAsync();

        ValueTask<StoredDecision?> AskAsync() => _calls.AskAsync(() => worker.FindDecisionAsync(owner, decisionId, cancellationToken), cancellationToken);

        async ValueTask<StoredDecision?> FindAsync() => await AskAsync().ConfigureAwait(false) is { } found ? OfTenant(tenant, found) : null;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisionIds);
        var worker = Worker(tenant, cancellationToken);
        return FindAsync();

        async ValueTask<IReadOnlyList<StoredDecision>> FindAsync()
        {
            IReadOnlyList<StoredDecision> found = [];
            foreach (var owner in decisionIds.DefaultIfEmpty("").ToLookup(id => TenantOwner.OfDecision(tenant, id), StringComparer.Ordinal))
            {
                string[] ids = [.. owner.Intersect(decisionIds)];
                var some = await _calls.AskAsync(() => worker.FindDecisionsAsync(owner.Key, ids, cancellationToken), cancellationToken).ConfigureAwait(false);
                found = found.Count == 0 && owner.Key == tenant ? some : [.. found, .. some.Select(one => OfTenant(tenant, one))];
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindConversationAsync(string tenant, string? decisionId, ulong key, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);
        return _calls.AskAsync(() => owner.FindConversationAsync(decisionId, key, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);
        return _calls.AskAsync(() => owner.DescribeAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = Owner(tenant, cancellationToken);

        // An owner of an earlier release does not know the call, and says the same among the rest.
        return _readers?.AllKnow(JournalReaders.JudgesAlone) == false
            ? (await DescribeAsync(tenant, cancellationToken).ConfigureAwait(false)).Judges
            : await _calls.AskAsync(() => owner.DescribeJudgesAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static StoredDecision OfTenant(string tenant, StoredDecision found) => found with { Decision = found.Decision with { Tenant = tenant } };

    private ITenantPolicyGrain Owner(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return _owners.Find(tenant);
    }

    /// <summary>Asks each owner about its own decisions, one after the other, and puts the answers in the order of the questions. Most often it is one owner.</summary>
    private static async ValueTask<IReadOnlyList<TAnswer>> OfOwnersAsync<TItem, TAnswer>(
        string tenant, IReadOnlyList<TItem> items, Func<TItem, string> decisionOf, Func<string, IReadOnlyList<TItem>, ValueTask<IReadOnlyList<TAnswer>>> ask)
    {
        var owners = items.Select((item, index) => (Item: item, Index: index)).ToLookup(one => TenantOwner.OfDecision(tenant, decisionOf(one.Item)), StringComparer.Ordinal);
        if (owners.Count <= 1)
        {
            return await ask(owners.FirstOrDefault()?.Key ?? tenant, items).ConfigureAwait(false);
        }

        var answers = new TAnswer[items.Count];
        foreach (var owner in owners)
        {
            var some = await ask(owner.Key, [.. owner.Select(one => one.Item)]).ConfigureAwait(false);
            foreach (var (answer, one) in some.Zip(owner))
            {
                answers[one.Index] = answer;
            }
        }

        return answers;
    }

    private IJournalWorkerGrain Worker(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        return _worker ??= _grains.GetGrain<IJournalWorkerGrain>(0);
    }
}
