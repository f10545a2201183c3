using Dapper;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Counts journals of a SQLite file. Reading has connections of its own; the writer is needed for some rows a slice.</summary>
/// <param name="database">The open file.</param>
internal sealed class SqliteUsageSumStore(SqliteDatabase database) : IUsageSumStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        // SQLite's calls block, and these may take long.
        Task.Run(() => database.Read<IReadOnlyList<T>>(session => session.Connection.Query<T>(sql, parameters).AsList(), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AdvanceAsync(UsageRows.Head from, UsageRows.Head to, IReadOnlyCollection<UsageDelta> deltas, CancellationToken cancellationToken) => database.Writer.WriteAsync(
        session =>
        {
            session.Connection.Execute(UsageSumSql.Begin, new { key = from.Key });
            var moved = session.Connection.Execute(
                UsageSumSql.Advance, new { key = from.Key, fromOrdinal = from.Ordinal, fromSequence = from.Sequence, ordinal = to.Ordinal, sequence = to.Sequence }) > 0;
            if (moved)
            {
                session.Connection.Execute(UsageSumSql.Add, deltas);
            }

            return moved;
        },
        canWait: true,
        cancellationToken);
}
