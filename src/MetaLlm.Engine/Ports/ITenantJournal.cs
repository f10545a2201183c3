using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Ports;

/// <summary>The durable truth: decisions and events of every tenant. Whatever a method acknowledged survives a crash.</summary>
/// <remarks>
/// Two gap-free sequences per tenant. Decisions have one writer, the tenant's owner, who numbers them; events have many
/// writers and are numbered inside the append transaction. A decision states how many events had been applied when it was made, so
/// the owner's state is a fold that can be rebuilt bit for bit: before each decision the events up to its
/// <see cref="DecisionRecord.AppliedSequence"/>, then the decision; at last the remaining events.
/// Events carry their decision's facts as they were in force when the event was appended, however often they are read.
/// </remarks>
public interface ITenantJournal
{
    /// <summary>Makes sure that the store takes writes, by a write that leaves nothing behind.</summary>
    /// <exception cref="EngineUnavailableException">It cannot be reached, is read-only, or is full.</exception>
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Appends a decision.</summary>
    /// <exception cref="FencedException">The ordinal is taken: somebody else owns the tenant; nothing was written.</exception>
    ValueTask AppendDecisionAsync(DecisionRecord decision, CancellationToken cancellationToken) =>
        AppendDecisionsAsync([decision], cancellationToken);

    /// <summary>Appends decisions, all or nothing.</summary>
    /// <param name="decisions">At least one; of one tenant, with consecutive ordinals.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <exception cref="FencedException">
    /// The first ordinal is not the next one, or events are named that do not exist: somebody else owns the tenant; nothing was written.
    /// </exception>
    ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken);

    /// <summary>Appends a configuration.</summary>
    /// <returns>The event.</returns>
    ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends a configuration whose event <see cref="ConfiguredEvent.Relearns"/>.</summary>
    /// <returns>The event.</returns>
    ValueTask<ConfiguredEvent> AppendRelearningAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends a warm start.</summary>
    /// <returns>The event; its digest is that of <see cref="WarmStartCodec"/>.</returns>
    /// <exception cref="ArgumentException">The set is larger than <see cref="WarmStartCodec.MostBytes"/>.</exception>
    ValueTask<WarmStartedEvent> AppendWarmStartAsync(string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends queries of which more than what served them is known.</summary>
    /// <returns>The event; its digest is that of <see cref="WarmStartCodec"/>.</returns>
    /// <exception cref="ArgumentException">The set is larger than <see cref="WarmStartCodec.MostBytes"/>.</exception>
    ValueTask<EvidencedEvent> AppendEvidenceAsync(string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends a quiz.</summary>
    /// <returns>The event; its digest is that of <see cref="QuizCodec"/>.</returns>
    /// <exception cref="ArgumentException">Its outcomes are larger than <see cref="WarmStartCodec.MostBytes"/>.</exception>
    ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends that budgets begin anew.</summary>
    /// <returns>The event.</returns>
    ValueTask<BudgetResetEvent> AppendBudgetResetAsync(string tenant, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends what a comparison of two answers said, for a decision under a guarantee that is durable.</summary>
    /// <returns>The event.</returns>
    ValueTask<ComparedEvent> AppendComparisonAsync(string tenant, long ordinal, bool? differs, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends that an owner of a tenant has taken in what the tenant's other owners wrote, as far as their journals were read.</summary>
    /// <param name="owner">The owner (<see cref="TenantOwner"/>).</param>
    /// <param name="positions">How far each of the others was read.</param>
    /// <param name="appliedSequence">Sequence of the last event that the owner's state held when they were read.</param>
    /// <param name="at">When it is recorded.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <returns>The event.</returns>
    /// <exception cref="FencedException">The owner's journal has not come so far: it is another one, of a tenant that was deleted and made again; nothing was written.</exception>
    ValueTask<TookInEvent> AppendTookInAsync(
        string owner, IReadOnlyList<TakenPosition> positions, long appliedSequence, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends a reroute.</summary>
    /// <returns>The event, or null when the decision is unknown or already settled.</returns>
    ValueTask<ReroutedEvent?> AppendRerouteAsync(string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends a settlement; <see cref="Settlement.CostUsd"/> must be given.</summary>
    /// <returns>The event, or null when the decision is unknown or already settled.</returns>
    ValueTask<SettledEvent?> AppendSettlementAsync(string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Appends settlements that nobody waits for before going on. They may wait some milliseconds for a write that somebody does wait for, to
    /// share its commit.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="settlements">The settlements; each must have a <see cref="Settlement.CostUsd"/>.</param>
    /// <param name="at">When they are recorded.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <returns>For each its event, or null when the decision is unknown or already settled, in order.</returns>
    ValueTask<IReadOnlyList<SettledEvent?>> AppendSettlementsAsync(
        string tenant, IReadOnlyList<Settlement> settlements, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Appends feedback, all or nothing; duplicates and unknown decisions are reported and leave no trace.</summary>
    /// <returns>One receipt per submission, in order.</returns>
    ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Events after a sequence, ascending, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(string tenant, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>Decisions after an ordinal, ascending, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken);

    /// <summary>One decision with what became of it, or null.</summary>
    ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken);

    /// <summary>Several decisions with what became of them, in one question: each once, in the order of their ordinals; unknown ones are left out.</summary>
    ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken);

    /// <summary>
    /// Decisions after an ordinal, and after a position, that were made before a time, whose calls were completed and that have no reward, by position, at most
    /// <paramref name="limit"/>. A store looks at no others than those between the position and the time that have an end and no reward.
    /// </summary>
    ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>How far the journals of some tenants have come, in one question and in no order; unknown tenants are left out.</summary>
    ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken);

    /// <summary>Those of some tenants that have a decision made before a time and not settled, in one question and in no order.</summary>
    ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a state stand for the beginning of the journal: what it has folded may be dropped from now on, see <see cref="IJournalRetention"/>. It replaces the one before.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="state">A state of the tenant's owner, all of whose decisions are durable.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <exception cref="FencedException">
    /// The journal has not come so far, has an older beginning in its place already, or holds a decision after it that was made without its events; nothing was written.
    /// </exception>
    ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken);

    /// <summary>The state that stands for the beginning of the journal, or null while the journal has all of it.</summary>
    ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a tenant: decisions, events, feedback and the state that stands for its beginning. From then on it is unknown, and may begin anew. Of a tenant that
    /// is unknown nothing is deleted.
    /// </summary>
    /// <remarks>The tenant is gone at once; its rows go a few at a time, so that nobody else waits for them. What an interruption leaves goes with <see cref="IJournalRetention.PurgeAsync"/>.</remarks>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Ids of decisions made before a time and not settled, oldest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<string>> FindUnsettledAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
