using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Owns a tenant's <see cref="TenantRuntime"/>.</summary>
/// <remarks>
/// Calls interleave, so that decisions which wait for the same commit share it instead of queueing behind it. That is safe because
/// the runtime, the only thing here that changes, is used in turns: a call holds <see cref="_turns"/> from its first use of the
/// runtime to its last, across every await in between, whatever thread it goes on in. What happens outside a turn is either free
/// of the runtime (appending to the journal) or one of its members that are safe for concurrent use: delivering events, sweeping,
/// and awaiting that a decision is durable. The grain's own fields are touched in the grain's context only.
/// </remarks>
[GrainType(TypeName)]
[Reentrant, RandomPlacement]
[ImplicitStreamSubscription(RewardStream.Namespace)]
internal sealed partial class TenantPolicyGrain : Grain, ITenantPolicyGrain
{
    /// <summary>Name of the grain's type.</summary>
    public const string TypeName = "metallm.tenant-policy";

    private const int DecideAttempts = 4;

    private readonly IPersistentState<SnapshotState> _snapshot;
    private readonly TenantRuntimeFactory _runtimes;
    private readonly OrleansEngineOptions _options;
    private readonly JournalReaders _readers;
    private readonly ILogger _logger;
    private readonly AsyncLock _turns = new();
    private readonly RecentDecisions _recent = new(TimeProvider.System);
    private TenantRuntime _runtime = null!;

    public TenantPolicyGrain(
        IPersistentStateFactory states, TenantRuntimeFactory runtimes, JournalReaders readers, IOptions<OrleansEngineOptions> options, ILogger<TenantPolicyGrain> logger)
    {
        _options = options.Value;
        _snapshot = states.Create<SnapshotState>(GrainContext, new SnapshotStateConfiguration(_options.SnapshotStorage));
        _runtimes = runtimes;
        _readers = readers;
        _logger = logger;
    }

    private string Tenant => _runtime.Tenant;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _runtime = _runtimes.Create(this.GetPrimaryKeyString(), new GrainSnapshotStore(_snapshot, TaskScheduler.Current));
        StartTimers();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            using var turn = await _turns.EnterAsync(cancellationToken);
            try
            {
                // What was delivered and not folded in yet shall be in the last snapshot too.
                if (_runtime.IsActive)
                {
                    await _runtime.ActivateAsync(cancellationToken);
                }
            }
            finally
            {
                await _runtime.DeactivateAsync(cancellationToken);
            }
        }
        catch (Exception error)
        {
            LogNotDeactivated(error, Tenant);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ConfigureAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        Used();
        var decoded = TenantConfigurationJson.Decode(configuration.Value);
        _readers.ThrowUnlessAllKnow(decoded);
        await RebuiltAsync(cancellationToken);
        if (decoded.Shards is not null && IsFirst)
        {
            await ConfigureAllAsync(configuration, decoded, restart, cancellationToken);
        }
        else
        {
            await ConfigureOwnAsync(decoded, restart, cancellationToken);
        }

        Exchange();
    }

    private async ValueTask ConfigureOwnAsync(TenantConfiguration decoded, PolicyRestart restart, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken);
        if (restart == PolicyRestart.Relearn)
        {
            await Task.Run(() => _runtime.ConfigureAsync(decoded, restart, cancellationToken).AsTask(), CancellationToken.None);
        }
        else
        {
            await _runtime.ConfigureAsync(decoded, restart, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RelearnReceipt> RelearnAsync(CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await Task.Run(() => _runtime.RelearnAsync(cancellationToken).AsTask(), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> WarmStartAsync(WarmStartSet set, CancellationToken cancellationToken)
    {
        Used();
        using var whole = await _whole.EnterAsync(cancellationToken);
        WarmStartReceipt own;
        using (await _turns.EnterAsync(cancellationToken))
        {
            // A fit takes seconds; the grain's scheduler must stay free for calls that do not need the runtime, such as settlements.
            own = await Task.Run(() => _runtime.WarmStartAsync(set, cancellationToken).AsTask(), CancellationToken.None);
        }

        var others = await OfOthersAsync(other => other.WarmStartAsync(set, cancellationToken));
        return own with { Duplicate = own.Duplicate && others.All(one => one.Duplicate) };
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> QuizAsync(QuizSet quiz, CancellationToken cancellationToken)
    {
        Used();
        using var whole = await _whole.EnterAsync(cancellationToken);
        WarmStartReceipt own;
        using (await _turns.EnterAsync(cancellationToken))
        {
            own = await Task.Run(() => _runtime.QuizAsync(quiz, cancellationToken).AsTask(), CancellationToken.None);
        }

        var others = await OfOthersAsync(other => other.QuizAsync(quiz, cancellationToken));
        return own with { Duplicate = own.Duplicate && others.All(one => one.Duplicate) };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(EvidenceQuestion question, CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.ChooseEvidenceAsync(question, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<EvidenceReceipt> TellEvidenceAsync(string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken)
    {
        Used();
        _readers.ThrowUnlessAllRead<EvidencedEvent>();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await Task.Run(() => _runtime.TellEvidenceAsync(decisionId, answers, cancellationToken).AsTask(), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetResetReceipt> ResetBudgetAsync(CancellationToken cancellationToken)
    {
        Used();
        _readers.ThrowUnlessAllRead<BudgetResetEvent>();
        using var whole = await _whole.EnterAsync(cancellationToken);
        BudgetResetReceipt own;
        using (await _turns.EnterAsync(cancellationToken))
        {
            own = await _runtime.ResetBudgetAsync(cancellationToken);
        }

        var others = await OfOthersAsync(other => other.ResetBudgetAsync(cancellationToken));
        return others.Length == 0
            ? own
            : own with { Before = OwnerReports.Sum(own.Before, [.. others.Select(one => one.Before)]), After = OwnerReports.Sum(own.After, [.. others.Select(one => one.After)]) };
    }

    /// <inheritdoc/>
    public async ValueTask<DecisionRecord> DecideAsync(DecisionRequest request, Guid call, CancellationToken cancellationToken)
    {
        Used();
        if (request.Candidates is not null)
        {
            _readers.ThrowUnlessAllRead(JournalReaders.PricedDecision);
        }

        if (call == Guid.Empty)
        {
            return await DecideAsync(request, cancellationToken);
        }

        if (_recent.Find(call) is { } known)
        {
            return await known;
        }

        var decision = DecideAsync(request, cancellationToken);
        _recent.Add(call, decision);
        return await decision;
    }

    /// <inheritdoc/>
    public async ValueTask<DecisionRecord> PreviewAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.PreviewAsync(request, cancellationToken);
    }

    private async Task<DecisionRecord> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            PendingDecision pending;
            using (await _turns.EnterAsync(cancellationToken))
            {
                pending = await _runtime.DecideAsync(request, cancellationToken);
            }

            Exchange();

            try
            {
                // From here on the decision may be durable: it is awaited whether or not the caller still wants it.
                await pending.Durable;
                return pending.Record;
            }
            catch (FencedException) when (attempt < DecideAttempts)
            {
                // Another activation decided at the same time. This decision was not recorded; the next one builds on the other's.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.AssessAsync(requests, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RerouteAsync(Reroute reroute, CancellationToken cancellationToken)
    {
        Used();
        JournalArguments.ThrowIfInvalid(reroute);
        if (_runtime.MayHaveCaps)
        {
            using var turn = await _turns.EnterAsync(cancellationToken);
            await _runtime.AdmitAsync(reroute, cancellationToken);
        }

        var recorded = await _runtimes.Journal.AppendRerouteAsync(Tenant, reroute, _runtimes.Time.GetUtcNow(), cancellationToken);
        if (recorded is null)
        {
            await _runtimes.Journal.RequireKnownAsync(Tenant, cancellationToken);
        }
        else
        {
            _runtime.Deliver(recorded);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        Used();
        foreach (var settlement in settlements)
        {
            JournalArguments.ThrowIfInvalid(settlement);
        }

        var priced = await PriceAsync(settlements, cancellationToken);
        var recorded = priced.Count == 0
            ? []
            : await _runtimes.Journal.AppendSettlementsAsync(Tenant, priced, _runtimes.Time.GetUtcNow(), cancellationToken);
        if (priced.Count > 0 && recorded.All(settled => settled is null))
        {
            await _runtimes.Journal.RequireKnownAsync(Tenant, cancellationToken);
        }

        foreach (var settled in recorded.OfType<SettledEvent>())
        {
            _runtime.DeliverSettled(settled);
        }

        var settledNow = priced.Zip(recorded).Where(pair => pair.Second is not null).Select(pair => pair.First.DecisionId).ToHashSet(StringComparer.Ordinal);
        foreach (var settlement in settlements.Where(settlement => !settledNow.Contains(settlement.DecisionId)))
        {
            DroppedSettlement.Report(Tenant, settlement, _runtimes.Metrics, _logger);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindConversationAsync(string? decisionId, ulong key, CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.FindConversationAsync(decisionId, key, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<TenantReport> DescribeAsync(CancellationToken cancellationToken)
    {
        Used();
        TenantReport own;
        using (await _turns.EnterAsync(cancellationToken))
        {
            own = await _runtime.DescribeAsync(cancellationToken);
        }

        var others = await OfOthersAsync(other => other.DescribeAsync(cancellationToken));
        return others.Length == 0 ? own : OwnerReports.Sum(own, others);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(CancellationToken cancellationToken)
    {
        Used();
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.DescribeJudgesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CheckpointAsync(CancellationToken cancellationToken)
    {
        Used();
        await RebuiltAsync(cancellationToken);
        using var turn = await _turns.EnterAsync(cancellationToken);
        await _runtime.ActivateAsync(cancellationToken);
        await _runtime.CheckpointAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until the state is rebuilt, for calls that have the time; nobody else waits for them meanwhile. Whatever keeps it from being rebuilt is the
    /// next call's to tell.
    /// </summary>
    private async ValueTask RebuiltAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var turn = await _turns.EnterAsync(cancellationToken);
                await _runtime.LoadAsync(cancellationToken);
                return;
            }
            catch (TenantRebuildingException)
            {
                await _runtime.Rebuilt.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>Gives all of them a cost, in one turn; without those that are settled already.</summary>
    private async ValueTask<IReadOnlyList<Settlement>> PriceAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        if (settlements.All(settlement => settlement.IsPriced))
        {
            return settlements;
        }

        using var turn = await _turns.EnterAsync(cancellationToken);
        var priced = new List<Settlement>(settlements.Count);
        foreach (var settlement in settlements)
        {
            if (await _runtime.PriceAsync(settlement, cancellationToken) is { } complete)
            {
                priced.Add(complete);
            }
        }

        return priced;
    }
}
