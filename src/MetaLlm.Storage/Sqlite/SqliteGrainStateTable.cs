using Dapper;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Sqlite;

/// <summary>States of grains in the journal's file, written by its one writer: two would wait for each other's locks.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteGrainStateTable(SqliteDatabase database) : IGrainStateTable
{
    /// <inheritdoc/>
    public ValueTask<StoredGrainState?> ReadAsync(GrainStateKey key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Read(
            session => session.Connection.QuerySingleOrDefault<Row>(
                """
                SELECT payload, version FROM orleans_grain_state
                WHERE id_hash = @IdHash AND type_hash = @TypeHash AND id_n0 = @IdN0 AND id_n1 = @IdN1 AND id_text = @IdText
                    AND type_name = @TypeName AND service_id = @ServiceId
                """,
                key) is { } row
                ? new StoredGrainState(row.Payload, (int)row.Version)
                : null,
            cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<int?> WriteAsync(GrainStateKey key, byte[]? payload, int? expectedVersion, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.GrainStates.Write(key, payload, expectedVersion), canWait: true, cancellationToken).ConfigureAwait(false);

    private sealed record Row(byte[]? Payload, long Version);
}
