using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>A journal whose calls a test can delay, fail, or cut off for good.</summary>
/// <param name="inner">The real one.</param>
public sealed class FaultyJournal(ITenantJournal inner) : ITenantJournal
{
    private volatile bool _severed;

    /// <summary>Runs before each append of decisions; it may wait or throw. Null does nothing.</summary>
    public Func<IReadOnlyList<DecisionRecord>, Task>? BeforeDecisions { get; set; }

    /// <summary>Runs before each read of events; it may wait or throw. Null does nothing.</summary>
    public Func<Task>? BeforeEventsAreRead { get; set; }

    /// <summary>From now on every call fails, as for a process that is gone.</summary>
    public void Sever() => _severed = true;

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken) => Open().ProbeAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        if (BeforeDecisions is { } before)
        {
            await before(decisions);
        }

        await Open().AppendDecisionsAsync(decisions, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendConfigurationAsync(tenant, configuration, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ConfiguredEvent> AppendRelearningAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendRelearningAsync(tenant, configuration, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WarmStartedEvent> AppendWarmStartAsync(
        string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendWarmStartAsync(tenant, set, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BudgetResetEvent> AppendBudgetResetAsync(string tenant, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendBudgetResetAsync(tenant, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TookInEvent> AppendTookInAsync(
        string owner, IReadOnlyList<TakenPosition> positions, long appliedSequence, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendTookInAsync(owner, positions, appliedSequence, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<EvidencedEvent> AppendEvidenceAsync(string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendEvidenceAsync(tenant, set, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendQuizAsync(tenant, quiz, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ComparedEvent> AppendComparisonAsync(string tenant, long ordinal, bool? differs, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendComparisonAsync(tenant, ordinal, differs, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReroutedEvent?> AppendRerouteAsync(string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendRerouteAsync(tenant, reroute, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SettledEvent?> AppendSettlementAsync(
        string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendSettlementAsync(tenant, settlement, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SettledEvent?>> AppendSettlementsAsync(
        string tenant, IReadOnlyList<Settlement> settlements, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendSettlementsAsync(tenant, settlements, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken) =>
        Open().AppendFeedbackAsync(tenant, submissions, at, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        if (BeforeEventsAreRead is { } before)
        {
            await before();
        }

        return await Open().ReadEventsAsync(tenant, afterSequence, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        Open().ReadDecisionsAsync(tenant, afterOrdinal, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        Open().FindDecisionAsync(tenant, decisionId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken) =>
        Open().FindDecisionsAsync(tenant, decisionIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Open().FindUnsettledAsync(tenant, before, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Open().FindUnrewardedAsync(tenant, afterOrdinal, after, before, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken) =>
        Open().ReadHeadsAsync(tenants, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken) =>
        Open().FindTenantsWithUnsettledAsync(tenants, before, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken) => Open().SetBaseAsync(tenant, state, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken) => Open().FindBaseAsync(tenant, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) => Open().DeleteTenantAsync(tenant, cancellationToken);

    private ITenantJournal Open() => _severed ? throw new IOException("The journal is cut off.") : inner;
}
