using System.Globalization;
using Dapper;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Snapshots in the same file as the journal; ETags count the replacements.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteSnapshotStore(SqliteDatabase database) : ISnapshotStore
{
    /// <inheritdoc/>
    public ValueTask<StoredSnapshot?> LoadAsync(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        return ValueTask.FromResult(database.Read(
            session =>
            {
                var row = session.Connection.QuerySingleOrDefault<Row>(
                    "SELECT etag, applied_sequence AS AppliedSequence, decision_ordinal AS DecisionOrdinal, state FROM snapshots WHERE tenant = @tenant",
                    new { tenant });
                return row is null
                    ? null
                    : new StoredSnapshot(
                        new Snapshot(row.AppliedSequence, row.DecisionOrdinal, row.State),
                        row.ETag.ToString(CultureInfo.InvariantCulture));
            },
            cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<string> SaveAsync(string tenant, Snapshot snapshot, string? expectedETag, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(snapshot);
        return await database.Writer
            .WriteAsync(session => session.Snapshots.Save(tenant, snapshot, expectedETag), cancellationToken)
            .ConfigureAwait(false);
    }

    private sealed record Row(long ETag, long AppliedSequence, long DecisionOrdinal, byte[] State);
}
