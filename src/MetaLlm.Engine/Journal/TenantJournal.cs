using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Journal;

/// <summary>
/// A journal but for its store: checks and encodes what is appended, and says what a <see cref="JournalTransaction"/> makes of it. A store
/// loads, runs and flushes (<see cref="WriteAsync"/>), and reads.
/// </summary>
/// <remarks>
/// Tenants, ids of decisions and idempotency keys that hold U+0000 or half of a UTF-16 pair are refused; remarks keep U+FFFD in their place.
/// </remarks>
public abstract class TenantJournal : ITenantJournal
{
    /// <inheritdoc/>
    public abstract ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(decisions);
        var tenant = decisions[0].Tenant;
        var encoded = new EncodedDecision[decisions.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var (id, schema, arm) = (decisions[i].DecisionId, decisions[i].FeatureSchema, decisions[i].ChosenArm);
            if (!StorableText.Is(id) || !StorableText.Is(schema) || !StorableText.Is(arm))
            {
                StorableText.ThrowIfNot(id, $"decisions[{i}].DecisionId", nameof(decisions));
                StorableText.ThrowIfNot(schema, $"decisions[{i}].FeatureSchema", nameof(decisions));
                StorableText.ThrowIfNot(arm, $"decisions[{i}].ChosenArm", nameof(decisions));
            }

            encoded[i] = DecisionCodec.Encode(decisions[i]);
        }

        await WriteAsync(About(tenant), transaction => transaction.Append(tenant, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken) =>
        AppendAsync(tenant, configuration, relearns: false, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ConfiguredEvent> AppendRelearningAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken) =>
        AppendAsync(tenant, configuration, relearns: true, at, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<WarmStartedEvent> AppendWarmStartAsync(
        string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = WarmStartCodec.Encode(set);
        var digest = WarmStartCodec.Digest(encoded);
        var utc = at.ToUniversalTime();
        WarmStartedEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Set = set, Digest = digest };
        return await WriteAsync(About(tenant), transaction => transaction.Append(tenant, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<EvidencedEvent> AppendEvidenceAsync(
        string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = WarmStartCodec.Encode(set);
        var digest = WarmStartCodec.Digest(encoded);
        var utc = at.ToUniversalTime();
        EvidencedEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Set = set, Digest = digest };
        return await WriteAsync(About(tenant), transaction => transaction.Append(tenant, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = QuizCodec.Encode(quiz);
        var digest = QuizCodec.Digest(encoded);
        var utc = at.ToUniversalTime();
        QuizzedEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Quiz = quiz, Digest = digest };
        return await WriteAsync(About(tenant), transaction => transaction.Append(tenant, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetResetEvent> AppendBudgetResetAsync(string tenant, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            About(tenant), transaction => transaction.Append(tenant, sequence => new BudgetResetEvent { Sequence = sequence, At = utc }, []), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ComparedEvent> AppendComparisonAsync(string tenant, long ordinal, bool? differs, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = ComparisonCodec.Encode(ordinal, differs);
        var utc = at.ToUniversalTime();
        ComparedEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Ordinal = ordinal, Differs = differs };
        return await WriteAsync(About(tenant), transaction => transaction.Append(tenant, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<TookInEvent> AppendTookInAsync(
        string owner, IReadOnlyList<TakenPosition> positions, long appliedSequence, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = TookInCodec.Encode(positions);
        var utc = at.ToUniversalTime();
        TookInEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Positions = positions };
        return await WriteAsync(About(owner), transaction => transaction.Append(owner, appliedSequence, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReroutedEvent?> AppendRerouteAsync(
        string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(reroute);
        StorableText.ThrowIfNot(reroute.ToArm, nameof(reroute.ToArm), nameof(reroute));
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            About(tenant, new DecisionLookup(reroute.DecisionId)), transaction => transaction.Reroute(tenant, reroute, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<SettledEvent?> AppendSettlementAsync(
        string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var costUsd = JournalArguments.RequireCost(settlement);
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            About(tenant, new DecisionLookup(settlement.DecisionId)), transaction => transaction.Settle(tenant, settlement, costUsd, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SettledEvent?>> AppendSettlementsAsync(
        string tenant, IReadOnlyList<Settlement> settlements, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settlements);
        var costs = settlements.Select(JournalArguments.RequireCost).ToArray();
        var utc = at.ToUniversalTime();
        var scope = About(tenant, [.. settlements.Select(settlement => new DecisionLookup(settlement.DecisionId))]) with { CanWait = true };
        return await WriteAsync(
            scope,
            transaction =>
            {
                var settled = new SettledEvent?[costs.Length];
                for (var i = 0; i < settled.Length; i++)
                {
                    settled[i] = transaction.Settle(tenant, settlements[i], costs[i], utc);
                }

                return settled;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(submissions);
        var utc = at.ToUniversalTime();
        DecisionLookup[] lookups =
        [
            .. submissions.Select(one => one.IsDefault
                ? new DecisionLookup(one.DecisionId)
                : new DecisionLookup(one.DecisionId, one.IdempotencyKey, InForce: one.NeedsInForce)),
        ];
        return await WriteAsync(About(tenant, lookups), transaction => transaction.Reward(tenant, submissions, utc), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(string tenant, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Runs a write in a transaction that has loaded what it is about; the task completes when it is durable.</summary>
    /// <param name="scope">What it is about.</param>
    /// <param name="write">The write; it may run more than once, each time in a fresh transaction, and refuses by a <see cref="FencedException"/> before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    protected abstract Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken);

    /// <summary>Refuses a tenant that no journal can keep.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <exception cref="ArgumentException">It is empty, or holds U+0000 or half of a UTF-16 pair.</exception>
    protected static void ThrowIfInvalid(string tenant)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        StorableText.ThrowIfNot(tenant, nameof(tenant), nameof(tenant));
    }

    private async ValueTask<ConfiguredEvent> AppendAsync(
        string tenant, TenantConfiguration configuration, bool relearns, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var encoded = TenantConfigurationJson.Encode(configuration);
        var utc = at.ToUniversalTime();
        ConfiguredEvent Create(long sequence) => new() { Sequence = sequence, At = utc, Configuration = configuration, Relearns = relearns };
        return await WriteAsync(About(tenant), transaction => transaction.Append(tenant, Create, encoded), cancellationToken).ConfigureAwait(false);
    }

    private static JournalScope About(string tenant, params DecisionLookup[] lookups)
    {
        ThrowIfInvalid(tenant);

        // A decision that cannot be stored cannot be there, and is not asked for.
        return new JournalScope(
            tenant, Array.TrueForAll(lookups, lookup => StorableText.Is(lookup.DecisionId)) ? lookups : Array.FindAll(lookups, lookup => StorableText.Is(lookup.DecisionId)));
    }
}
