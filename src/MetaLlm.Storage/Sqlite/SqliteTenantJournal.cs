using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The journal in one SQLite file. Appends of all tenants share commits; reads run beside them.</summary>
/// <remarks>Reads complete synchronously: SQLite has no asynchronous calls, and a page of a journal takes less than a millisecond.</remarks>
/// <param name="database">The open file.</param>
public sealed class SqliteTenantJournal(SqliteDatabase database) : TenantJournal
{
    /// <inheritdoc/>
    /// <remarks>A page that still fits says nothing of the next decision: so the disk's room is looked at as well.</remarks>
    public override async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        database.ThrowIfDiskIsFull();
        await database.Writer.WriteAsync(
            session =>
            {
                session.Touch();
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(string tenant, long afterSequence, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<TenantEvent>>(tenant, limit, session => session.ReadEvents(tenant, afterSequence, limit), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<DecisionRecord>>(tenant, limit, session => session.ReadDecisions(tenant, afterOrdinal, limit), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        return Read(tenant, 1, session => StoredDecisionQuery.Find(session.Connection, tenant, decisionId), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisionIds);
        return Read(tenant, 1, session => StoredDecisionQuery.Find(session.Connection, tenant, decisionIds), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Read(tenant, limit, session => StoredDecisionQuery.FindUnsettled(session.Connection, tenant, before, limit), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Read(tenant, limit, session => StoredDecisionQuery.FindUnrewarded(session.Connection, tenant, afterOrdinal, after, before, limit), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return ValueTask.FromResult(database.Read(session => StoredDecisionQuery.ReadHeads(session.Connection, tenants), cancellationToken));
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return ValueTask.FromResult(database.Read(session => StoredDecisionQuery.FindTenantsWithUnsettled(session.Connection, tenants, before), cancellationToken));
    }

    /// <inheritdoc/>
    public override async ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentNullException.ThrowIfNull(state);
        await database.Writer.WriteAsync(session => SqliteRetention.SetBase(session, tenant, state), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken) =>
        Read(tenant, 1, session => session.Connection.QuerySingleOrDefault<BaseRow>(RetentionSql.FindBase, new { tenant })?.ToSnapshot(), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        await database.Writer.WriteAsync(session => SqliteRetention.Hide(session, tenant), cancellationToken).ConfigureAwait(false);
        await new SqliteRetention(database).PurgeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken) =>
        database.Writer.WriteAsync(scope, write, cancellationToken);

    private ValueTask<T> Read<T>(string tenant, int limit, Func<ReadSession, T> read, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult(database.Read(read, cancellationToken));
    }
}
