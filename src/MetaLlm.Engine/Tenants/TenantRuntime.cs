using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

/// <summary>
/// The shell around one tenant's <see cref="TenantState"/> that every engine uses: loads it, decides, folds events in, saves
/// snapshots, and gives the state up when the journal says that somebody else has written.
/// </summary>
/// <remarks>
/// One caller at a time, its owner, except for the members marked as safe for concurrent use. The state holds decisions before
/// they are durable; no caller learns of one before it is, and no snapshot with one is saved before it is. When an append fails,
/// the state is dropped, those who wait for it get the error, and the next call rebuilds the state from what is durable.
/// </remarks>
public sealed partial class TenantRuntime
{
    private readonly TenantRuntimeServices _services;
    private readonly ILogger _logger;
    private readonly EventInbox _inbox = new();
    private readonly Dictionary<string, OpenCall> _openCalls = new(StringComparer.Ordinal);
    private TenantState? _state;
    private DecisionAppender _appender;
    private Checkpointer? _checkpointer;
    private volatile TenantRebuild? _rebuild;

    /// <summary>Creates a runtime without state; the first call loads it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="services">What all runtimes share.</param>
    public TenantRuntime(string tenant, TenantRuntimeServices services)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(services);
        Tenant = tenant;
        _services = services;
        _logger = services.Logger;
        _appender = new DecisionAppender(services.Journal);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Whether the state is in memory.</summary>
    public bool IsActive => _state is not null;

    /// <summary>Ends when the state is rebuilt, or cannot be; now when nothing is being rebuilt. Safe for concurrent use.</summary>
    public Task Rebuilt => _rebuild?.Outcome ?? Task.CompletedTask;

    /// <summary>Whether a journal has what the state in memory has not. Safe for concurrent use; what is on its way may be counted or not.</summary>
    /// <param name="head">How far the tenant's journal has come.</param>
    public bool IsBehind(in JournalHead head) =>
        _state is { } state && (head.LastSequence > state.AppliedSequence || head.LastOrdinal > state.DecisionOrdinal);

    /// <summary>Age at which a decision that nobody settled is settled as expired.</summary>
    public TimeSpan UnsettledLimit => _services.Options.UnsettledLimit ?? TenantRuntimeOptions.StandardUnsettledLimit;

    /// <summary>Loads the state if it is not in memory, and folds in what was delivered.</summary>
    /// <param name="cancellationToken">Cancels the load.</param>
    /// <exception cref="UnknownTenantException">No configuration was ever recorded.</exception>
    /// <exception cref="EmbeddingModelMismatchException">The state rests on another embedding model.</exception>
    /// <exception cref="TenantRebuildingException">The load takes longer than a call may wait; it goes on. Every other call may end so too.</exception>
    public async ValueTask ActivateAsync(CancellationToken cancellationToken) =>
        _ = await ReadyAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>As <see cref="ActivateAsync"/>, for a tenant that need not be configured yet.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TenantRebuildingException">The load takes longer than a call may wait; it goes on.</exception>
    public async ValueTask LoadAsync(CancellationToken cancellationToken) => _ = await LoadedAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Decides and folds the decision in; the next call need not wait until it is durable.</summary>
    /// <param name="request">The query and its conditions.</param>
    /// <param name="cancellationToken">Cancels a load of the state; a decision, once made, is not withdrawn.</param>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded; nothing was decided.</exception>
    public async ValueTask<PendingDecision> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        var name = TenantRuntimeServices.NameDecision(state.Tenant, state.DecisionOrdinal + 1);
        var decision = state.Decide(request, _services.Time.GetUtcNow(), PromisedUsd, name);
        Fold(state, () => state.Apply(decision));
        _evidence?.Decided(decision, request.Features, state.Configuration!.Parts);
        Interlocked.Increment(ref _decided);
        _openCalls.Add(decision.DecisionId, new OpenCall(decision.ChosenArm, decision.ReservedUsd, decision.BoundUsd) { Decision = state.Configuration!.Cascade is null ? null : decision });
        var durable = _appender.Append(decision);
        _checkpointer!.AfterFold(state, durable);
        return new PendingDecision(decision, durable);
    }

    /// <summary>What <see cref="DecideAsync"/> would decide now. The state stays as it is, and nothing is recorded.</summary>
    /// <param name="request">The query and its conditions.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    /// <returns>A decision whose id is no decision's.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded.</exception>
    public async ValueTask<DecisionRecord> PreviewAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        return state.Decide(request, _services.Time.GetUtcNow(), PromisedUsd, "preview");
    }

    /// <summary>What decisions would rest on now; nothing changes.</summary>
    /// <param name="requests">The queries and their conditions.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    public async ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        var at = _services.Time.GetUtcNow();
        var promised = PromisedUsd;
        return [.. requests.Select(request => state.Assess(request, at, promised))];
    }

    /// <summary>Teaches the policy from queries with every arm's outcome; nothing is recorded when it rests on the very set already.</summary>
    /// <param name="set">The queries.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <exception cref="ArgumentException">The set cannot be learned from; nothing was recorded.</exception>
    public async ValueTask<WarmStartReceipt> WarmStartAsync(WarmStartSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        state.CheckWarmStart(set);
        var digest = WarmStartCodec.Digest(WarmStartCodec.Encode(set));
        if (state.WarmStartDigest == digest)
        {
            return new WarmStartReceipt(set.Rows.Count, Duplicate: true, null);
        }

        var at = _services.Time.GetUtcNow();
        Rehearse(state, new WarmStartedEvent { Sequence = state.AppliedSequence + 1, At = at, Set = set, Digest = digest });
        var recorded = await _services.Journal.AppendWarmStartAsync(Tenant, set, at, cancellationToken).ConfigureAwait(false);
        Deliver(recorded);
        await ActivateAsync(cancellationToken).ConfigureAwait(false);
        return new WarmStartReceipt(set.Rows.Count, Duplicate: false, recorded.Sequence);
    }

    /// <summary>Teaches the policy from queries of which several arms' outcomes are known; nothing is recorded when it rests on the very set already.</summary>
    /// <param name="set">The queries; a reward that is NaN says that nothing is known of that arm's answer.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <exception cref="ArgumentException">The set cannot be learned from; nothing was recorded.</exception>
    public async ValueTask<WarmStartReceipt> LearnEvidenceAsync(WarmStartSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        state.CheckEvidence(set);
        var digest = WarmStartCodec.Digest(WarmStartCodec.Encode(set));
        if (state.WarmStartDigest == digest)
        {
            return new WarmStartReceipt(set.Rows.Count, Duplicate: true, null);
        }

        var at = _services.Time.GetUtcNow();
        Rehearse(state, new EvidencedEvent { Sequence = state.AppliedSequence + 1, At = at, Set = set, Digest = digest });
        var recorded = await _services.Journal.AppendEvidenceAsync(Tenant, set, at, cancellationToken).ConfigureAwait(false);
        Deliver(recorded);
        await ActivateAsync(cancellationToken).ConfigureAwait(false);
        return new WarmStartReceipt(set.Rows.Count, Duplicate: false, recorded.Sequence);
    }

    /// <summary>Tells what is believed of one arm from its answers; nothing is recorded when the arm has had the very quiz already.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <exception cref="ArgumentException">The quiz cannot be learned from; nothing was recorded.</exception>
    public async ValueTask<WarmStartReceipt> QuizAsync(QuizSet quiz, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        state.CheckQuiz(quiz);
        var digest = QuizCodec.Digest(QuizCodec.Encode(quiz));
        if (state.HasQuiz(quiz.ArmId, digest))
        {
            return new WarmStartReceipt(state.QuizRows(quiz.ArmId), Duplicate: true, null);
        }

        var at = _services.Time.GetUtcNow();
        Rehearse(state, new QuizzedEvent { Sequence = state.AppliedSequence + 1, At = at, Quiz = quiz, Digest = digest });
        var recorded = await _services.Journal.AppendQuizAsync(Tenant, quiz, at, cancellationToken).ConfigureAwait(false);
        Deliver(recorded);
        await ActivateAsync(cancellationToken).ConfigureAwait(false);
        return new WarmStartReceipt((await ReadyAsync(cancellationToken).ConfigureAwait(false)).QuizRows(quiz.ArmId), Duplicate: false, recorded.Sequence);
    }

    /// <summary>Begins the budgets anew.</summary>
    /// <param name="cancellationToken">Cancels before the append.</param>
    public async ValueTask<BudgetResetReceipt> ResetBudgetAsync(CancellationToken cancellationToken)
    {
        var before = await DescribeAsync(cancellationToken).ConfigureAwait(false);
        var recorded = await _services.Journal.AppendBudgetResetAsync(Tenant, _services.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        Deliver(recorded);
        return new BudgetResetReceipt(recorded.Sequence, before, await DescribeAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What the policy has learned, every durable event and decision included.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async ValueTask<TenantReport> DescribeAsync(CancellationToken cancellationToken) => (await CaughtUpAsync(cancellationToken).ConfigureAwait(false)).Report();

    /// <summary>What was measured of the tenant's judges, every durable event included.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(CancellationToken cancellationToken) => (await CaughtUpAsync(cancellationToken).ConfigureAwait(false)).ReportJudges();

    private async ValueTask<TenantState> CaughtUpAsync(CancellationToken cancellationToken)
    {
        await SettleAppendsAsync().ConfigureAwait(false);
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await ExchangeAllAsync(cancellationToken).ConfigureAwait(false);
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return await ReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the runtime of an event that is durable. Safe for concurrent use; events may come in any order, or never.</summary>
    /// <param name="recorded">The event.</param>
    public void Deliver(TenantEvent recorded) => _inbox.Add(recorded);

    /// <summary>Tells the runtime of a settlement that it, or its owner, has just recorded. Safe for concurrent use.</summary>
    /// <param name="settled">The event.</param>
    public void DeliverSettled(SettledEvent settled)
    {
        _services.Metrics.RecordSettled(Tenant, settled);
        Deliver(settled);
    }

    /// <summary>Tells the runtime that the journal has events up to a sequence. Safe for concurrent use.</summary>
    /// <param name="sequence">The sequence.</param>
    public void DeliverUpTo(long sequence) => _inbox.Announce(sequence);

    /// <summary>Saves a snapshot, unless the newest one holds everything already, and waits for it.</summary>
    /// <param name="cancellationToken">Cancels the wait for the decisions that are on their way.</param>
    public async ValueTask CheckpointAsync(CancellationToken cancellationToken)
    {
        await SettleAppendsAsync().ConfigureAwait(false);
        if (_state is null || _appender.Failure is not null)
        {
            return;
        }

        await _checkpointer!.SaveNowAsync(_state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves a snapshot and gives the state up. A rebuild that is not done saves what it has come to.</summary>
    /// <param name="cancellationToken">Cancels the save.</param>
    public async ValueTask DeactivateAsync(CancellationToken cancellationToken)
    {
        if (_rebuild is { } rebuild)
        {
            await rebuild.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            _rebuild = null;
        }

        try
        {
            await CheckpointAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Drop();
        }
    }
}
