using System.Globalization;
using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Snapshots in the same database as the journal; ETags count the replacements.</summary>
/// <remarks>A save is one statement by itself, and is never repeated: after a lost connection only the next load tells whether it was done.</remarks>
/// <param name="database">The database.</param>
public sealed class PostgresSnapshotStore(PostgresDatabase database) : ISnapshotStore
{
    private const string Load = """
        SELECT etag, applied_sequence AS AppliedSequence, decision_ordinal AS DecisionOrdinal, state FROM snapshots WHERE tenant = @tenant
        """;

    private const string Insert = """
        INSERT INTO snapshots (tenant, etag, applied_sequence, decision_ordinal, state) VALUES ($1, 1, $2, $3, $4)
        ON CONFLICT (tenant) DO NOTHING
        RETURNING etag
        """;

    private const string Replace = """
        UPDATE snapshots SET etag = etag + 1, applied_sequence = $2, decision_ordinal = $3, state = $4
        WHERE tenant = $1 AND etag = $5
        RETURNING etag
        """;

    /// <inheritdoc/>
    public async ValueTask<StoredSnapshot?> LoadAsync(string tenant, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        var query = new CommandDefinition(Load, new { tenant }, cancellationToken: cancellationToken);
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(query), cancellationToken).ConfigureAwait(false);
        return row is null
            ? null
            : new StoredSnapshot(new Snapshot(row.AppliedSequence, row.DecisionOrdinal, row.State), row.ETag.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask<string> SaveAsync(string tenant, Snapshot snapshot, string? expectedETag, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        ArgumentNullException.ThrowIfNull(snapshot);
        var expected = 0L;
        if (expectedETag is not null && !long.TryParse(expectedETag, NumberStyles.None, CultureInfo.InvariantCulture, out expected))
        {
            throw new FencedException($"The snapshot of tenant '{tenant}' cannot have ETag {expectedETag}: it is none of this store's.");
        }

        var saved = await database.RunAsync(
            connection => TrySaveAsync(connection, tenant, snapshot, expectedETag is null ? null : expected), cancellationToken).ConfigureAwait(false);
        return saved?.ToString(CultureInfo.InvariantCulture)
            ?? throw new FencedException(
                $"The snapshot of tenant '{tenant}' has not the ETag {expectedETag ?? "(none)"} that was expected: another owner saved one.");
    }

    /// <summary>One statement. Once it is sent its outcome is awaited, whoever has given up.</summary>
    private static async Task<long?> TrySaveAsync(NpgsqlConnection connection, string tenant, Snapshot snapshot, long? expected)
    {
        var command = new NpgsqlCommand(expected is null ? Insert : Replace, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = tenant },
                new NpgsqlParameter<long> { TypedValue = snapshot.AppliedSequence },
                new NpgsqlParameter<long> { TypedValue = snapshot.DecisionOrdinal },
                new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = snapshot.State },
            },
        };
        await using var commandEnd = command.ConfigureAwait(false);
        if (expected is { } etag)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = etag });
        }

        return (long?)await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static void ThrowIfInvalid(string tenant)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        StorableText.ThrowIfNot(tenant, nameof(tenant), nameof(tenant));
    }

    private sealed record Row(long ETag, long AppliedSequence, long DecisionOrdinal, byte[] State);
}
