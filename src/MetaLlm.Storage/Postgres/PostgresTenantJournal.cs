using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;

namespace MetaLlm.Storage.Postgres;

/// <summary>The journal in PostgreSQL. Appends of a process share commits; appends of several processes wait for each other per tenant.</summary>
/// <remarks>
/// Where the server is away, a call fails with an <see cref="EngineUnavailableException"/>, and nothing was written, unless the error
/// within is a <see cref="CommitOutcomeUnknownException"/>: then the server went away during a commit. Tenants, ids of decisions and idempotency keys that hold U+0000 or half of
/// a UTF-16 pair are refused; remarks keep U+FFFD in their place.
/// </remarks>
/// <param name="database">The database.</param>
public sealed class PostgresTenantJournal(PostgresDatabase database) : ITenantJournal
{
    private static readonly DecisionLookup[] NoLookups = [];

    /// <inheritdoc/>
    public async ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(decisions);
        var tenant = decisions[0].Tenant;
        ThrowIfInvalid(tenant);
        var encoded = new EncodedDecision[decisions.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            StorableText.ThrowIfNot(decisions[i].DecisionId, $"decisions[{i}].DecisionId", nameof(decisions));
            StorableText.ThrowIfNot(decisions[i].FeatureSchema, $"decisions[{i}].FeatureSchema", nameof(decisions));
            StorableText.ThrowIfNot(decisions[i].ChosenArm, $"decisions[{i}].ChosenArm", nameof(decisions));
            encoded[i] = DecisionCodec.Encode(decisions[i]);
        }

        await WriteAsync(tenant, NoLookups, transaction => DecisionAppend.Append(transaction, tenant, encoded), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var encoded = TenantConfigurationJson.Encode(configuration);
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant, NoLookups, transaction => EventAppend.Configure(transaction, tenant, configuration, encoded, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartedEvent> AppendWarmStartAsync(
        string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var encoded = WarmStartCodec.Encode(set);
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant, NoLookups, transaction => EventAppend.WarmStart(transaction, tenant, set, encoded, utc), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var encoded = QuizCodec.Encode(quiz);
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant, NoLookups, transaction => EventAppend.Quiz(transaction, tenant, quiz, encoded, utc), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReroutedEvent?> AppendRerouteAsync(
        string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        JournalArguments.ThrowIfInvalid(reroute);
        StorableText.ThrowIfNot(reroute.ToArm, nameof(reroute.ToArm), nameof(reroute));
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant, Lookup(reroute.DecisionId), transaction => EventAppend.Reroute(transaction, tenant, reroute, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<SettledEvent?> AppendSettlementAsync(
        string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var costUsd = JournalArguments.RequireCost(settlement);
        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant,
            Lookup(settlement.DecisionId),
            transaction => EventAppend.Settle(transaction, tenant, settlement, costUsd, utc),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        JournalArguments.ThrowIfInvalid(submissions);
        var lookups = new List<DecisionLookup>(submissions.Count);
        for (var i = 0; i < submissions.Count; i++)
        {
            StorableText.ThrowIfNot(submissions[i].IdempotencyKey, $"submissions[{i}].IdempotencyKey", nameof(submissions));
            if (StorableText.Is(submissions[i].DecisionId))
            {
                lookups.Add(new DecisionLookup(submissions[i].DecisionId, submissions[i].IdempotencyKey));
            }
        }

        var utc = at.ToUniversalTime();
        return await WriteAsync(
            tenant,
            lookups,
            transaction =>
            {
                var receipts = new FeedbackReceipt[submissions.Count];
                for (var i = 0; i < receipts.Length; i++)
                {
                    receipts[i] = EventAppend.Reward(transaction, tenant, submissions[i], utc);
                }

                return receipts;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => EventQuery.ReadAsync(connection, tenant, afterSequence, limit, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => DecisionQuery.ReadAsync(connection, tenant, afterOrdinal, limit, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        return StorableText.Is(decisionId)
            ? await database.ReadAsync(
                connection => StoredDecisionQuery.FindAsync(connection, tenant, decisionId, cancellationToken), cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentNullException.ThrowIfNull(decisionIds);
        string[] storable = [.. decisionIds.Where(StorableText.Is)];
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindAsync(connection, tenant, storable, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindUnsettledAsync(connection, tenant, before, limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ReadAsync(
            connection => StoredDecisionQuery.FindUnrewardedAsync(connection, tenant, afterOrdinal, before, limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    private static void ThrowIfInvalid(string tenant)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        StorableText.ThrowIfNot(tenant, nameof(tenant), nameof(tenant));
    }

    /// <summary>A decision that cannot be stored cannot be there, and is not asked for.</summary>
    private static DecisionLookup[] Lookup(string decisionId) => StorableText.Is(decisionId) ? [new DecisionLookup(decisionId)] : NoLookups;

    private async Task<T> WriteAsync<T>(
        string tenant, IReadOnlyList<DecisionLookup> lookups, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriterOf(tenant).WriteAsync(tenant, lookups, write, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (CommitFailure.IsUnavailability(error))
        {
            throw CommitFailure.Unavailable(error);
        }
    }
}
