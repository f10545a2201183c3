using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The journal in one SQLite file. Appends of all tenants share commits; reads run beside them.</summary>
/// <remarks>Reads complete synchronously: SQLite has no asynchronous calls, and a page of a journal takes less than a millisecond.</remarks>
/// <param name="database">The open file.</param>
public sealed class SqliteTenantJournal(SqliteDatabase database) : ITenantJournal
{
    /// <inheritdoc/>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.Writer.WriteAsync(
                session =>
                {
                    session.Touch();
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException error)
        {
            throw new EngineUnavailableException($"The SQLite file takes no writes at the moment. {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(decisions);
        var encoded = new EncodedDecision[decisions.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = DecisionCodec.Encode(decisions[i]);
        }

        var tenant = decisions[0].Tenant;
        await database.Writer.WriteAsync(
            session =>
            {
                session.Decisions.Append(session, tenant, encoded);
                return encoded.Length;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        var encoded = TenantConfigurationJson.Encode(configuration);
        var utc = at.ToUniversalTime();
        return await database.Writer
            .WriteAsync(session => session.Events.Configure(session, tenant, configuration, encoded, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartedEvent> AppendWarmStartAsync(
        string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        var encoded = WarmStartCodec.Encode(set);
        var utc = at.ToUniversalTime();
        return await database.Writer
            .WriteAsync(session => session.Events.WarmStart(session, tenant, set, encoded, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        var encoded = QuizCodec.Encode(quiz);
        var utc = at.ToUniversalTime();
        return await database.Writer
            .WriteAsync(session => session.Events.Quiz(session, tenant, quiz, encoded, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReroutedEvent?> AppendRerouteAsync(
        string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        JournalArguments.ThrowIfInvalid(reroute);
        var utc = at.ToUniversalTime();
        return await database.Writer
            .WriteAsync(session => session.Events.Reroute(session, tenant, reroute, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<SettledEvent?> AppendSettlementAsync(
        string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        var costUsd = JournalArguments.RequireCost(settlement);
        var utc = at.ToUniversalTime();
        return await database.Writer
            .WriteAsync(session => session.Events.Settle(session, tenant, settlement, costUsd, utc), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        JournalArguments.ThrowIfInvalid(submissions);
        var utc = at.ToUniversalTime();
        return await database.Writer.WriteAsync(
            session =>
            {
                var receipts = new FeedbackReceipt[submissions.Count];
                for (var i = 0; i < receipts.Length; i++)
                {
                    receipts[i] = session.Events.Reward(session, tenant, submissions[i], utc);
                }

                return receipts;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<TenantEvent>>(
            database.Read(session => session.ReadEvents(tenant, afterSequence, limit), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<DecisionRecord>>(
            database.Read(session => session.ReadDecisions(tenant, afterOrdinal, limit), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        return ValueTask.FromResult(database.Read(
            session => StoredDecisionQuery.Find(session.Connection, tenant, decisionId), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(decisionIds);
        return ValueTask.FromResult(database.Read(
            session => StoredDecisionQuery.Find(session.Connection, tenant, decisionIds), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult(database.Read(
            session => StoredDecisionQuery.FindUnsettled(session.Connection, tenant, before, limit), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult(database.Read(
            session => StoredDecisionQuery.FindUnrewarded(session.Connection, tenant, afterOrdinal, before, limit), cancellationToken));
    }
}
