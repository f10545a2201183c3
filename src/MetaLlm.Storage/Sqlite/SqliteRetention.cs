using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;
using MetaLlm.Storage.Codecs;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Lets the beginning of journals in a SQLite file go. A file that was created with incremental vacuum gives freed pages back to the disk; another one keeps them for what comes.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteRetention(SqliteDatabase database) : IJournalRetention
{
    private const int PagesAtOnce = 256;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindTenantsAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Read<IReadOnlyList<string>>(
            session => session.Connection.Query<string>(RetentionSql.Tenants, new { before = before.UtcTicks, after, limit }).AsList(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OldDecisions>> CountOldAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Read<IReadOnlyList<OldDecisions>>(
            session => [.. session.Connection.Query<OldDecisionsRow>(RetentionSql.Old, new { before = before.UtcTicks, after, limit }).Select(row => row.ToOld())], cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ArchivedDecision>> FindDroppableAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Read<IReadOnlyList<ArchivedDecision>>(
            session =>
            {
                var through = session.Connection.ExecuteScalar<long>(RetentionSql.Droppable, new { tenant, before = before.UtcTicks, limit });
                return through == 0
                    ? []
                    : [.. session.Connection.Query<StoredDecisionRow>(StoredDecisionSql.First, new { tenant, through }).Select(row => row.ToArchived(tenant))];
            },
            cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<bool> DropAsync(string tenant, long through, CancellationToken cancellationToken)
    {
        await UsageSummation.CatchUpAsync(new SqliteUsageSumStore(database), tenant, patience: null, cancellationToken).ConfigureAwait(false);
        return await database.Writer.WriteAsync(
            session =>
            {
                session.FlushNow();
                if (FindKey(session, tenant) is not { } key || session.Connection.ExecuteScalar<long>(RetentionSql.HasNews, new { key, through }) > 0)
                {
                    return false;
                }

                session.Connection.Execute(RetentionSql.Drop, new { key, through });
                return true;
            },
            canWait: true,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask PurgeAsync(CancellationToken cancellationToken)
    {
        foreach (var key in database.Read(session => session.Connection.Query<long>(RetentionSql.Hidden).AsList(), cancellationToken))
        {
            foreach (var statement in RetentionSql.Purge)
            {
                while (await database.Writer.WriteAsync(session => session.Connection.Execute(statement, new { key }), canWait: true, cancellationToken).ConfigureAwait(false) > 0)
                {
                }
            }

            await database.Writer.WriteAsync(session => session.Connection.Execute(RetentionSql.Forget, new { key }), canWait: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> DropChangesAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var dropped = 0L;
        while (await database.Writer.WriteAsync(session => session.Connection.Execute(RetentionSql.DropChanges, new { before = before.UtcTicks }), canWait: true, cancellationToken).ConfigureAwait(false) is > 0 and var slice)
        {
            dropped += slice;
        }

        return dropped;
    }

    /// <inheritdoc/>
    public async ValueTask ShrinkAsync(CancellationToken cancellationToken)
    {
        while (await database.Writer.WriteAsync(Shrink, canWait: true, cancellationToken).ConfigureAwait(false))
        {
        }
    }

    /// <exception cref="FencedException">The state cannot stand for the beginning; nothing was changed.</exception>
    internal static bool SetBase(WriteSession session, string tenant, Snapshot state)
    {
        session.FlushNow();
        var values = new { key = FindKey(session, tenant) ?? 0, ordinal = state.DecisionOrdinal, sequence = state.AppliedSequence, state = state.State.ToArray() };
        if (values.key == 0 || session.Connection.ExecuteScalar<long>(RetentionSql.Objections, values) > 0)
        {
            throw new FencedException(
                $"The state of tenant '{tenant}' after decision {state.DecisionOrdinal} and event {state.AppliedSequence} cannot stand for the beginning of its journal: another owner has written.");
        }

        session.Connection.Execute(RetentionSql.SetBase, values);
        return true;
    }

    internal static bool Hide(WriteSession session, string tenant)
    {
        session.FlushNow();
        if (FindKey(session, tenant) is { } key)
        {
            session.Connection.Execute(RetentionSql.Hide, new { key });
        }

        return true;
    }

    /// <returns>Whether there is more to give back.</returns>
    private static bool Shrink(WriteSession session)
    {
        session.FlushNow();
        var free = session.Connection.ExecuteScalar<long>("PRAGMA freelist_count");
        using (var vacuum = session.Connection.ExecuteReader(FormattableString.Invariant($"PRAGMA incremental_vacuum({PagesAtOnce})")))
        {
            // Each step gives back one page.
            while (vacuum.Read())
            {
            }
        }

        return session.Connection.ExecuteScalar<long>("PRAGMA freelist_count") is var left && left > 0 && left < free;
    }

    private static long? FindKey(WriteSession session, string tenant) =>
        session.Connection.QuerySingleOrDefault<long?>("SELECT tenant_key FROM tenants WHERE tenant = @tenant", new { tenant });
}
