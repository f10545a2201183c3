using Dapper;
using MetaLlm.Storage.Migrations;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Brings PostgreSQL databases to the newest schema. Tables are created in the first schema of the connection's search path.</summary>
public static class PostgresMigrator
{
    // Any number that no other user of the database's advisory locks takes; "MetaLlm" in ASCII.
    private const long LockKey = 0x4D_65_74_61_4C_6C_6D;

    /// <summary>Those of this build.</summary>
    public static MigrationSet Migrations { get; } = MigrationSet.Embedded(PostgresDriver.Kind);

    /// <summary>
    /// Applies what is missing: all of it, or nothing when anything fails. Of several that run at the same time one applies,
    /// and the others wait and find it done.
    /// </summary>
    /// <param name="connectionString">The database, by a role that may create tables.</param>
    /// <param name="migrations">What the database is to have; null for <see cref="Migrations"/>.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <exception cref="SchemaException">The database was changed by another build; it is left as it was.</exception>
    /// <exception cref="NpgsqlException">The server could not be reached or refused a statement; the database is as it was.</exception>
    public static async Task<MigrationReport> MigrateAsync(
        string connectionString, MigrationSet? migrations = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        migrations ??= Migrations;
        var connection = await OpenAsync(connectionString, cancellationToken).ConfigureAwait(false);
        await using var connectionEnd = connection.ConfigureAwait(false);

        // DDL is transactional: what fails, or is cut off, leaves nothing. The lock goes with the transaction.
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var transactionEnd = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", null, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_version (
                version    integer     PRIMARY KEY,
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS min_reader integer
            """,
            null,
            cancellationToken).ConfigureAwait(false);
        var applied = await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false);
        var missing = migrations.FindMissing(connection.Database, applied);
        foreach (var migration in missing)
        {
            await ExecuteAsync(connection, migration.Script, null, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(
                connection,
                "INSERT INTO schema_version (version, name, checksum, min_reader) VALUES (@Version, @Name, @Checksum, @MinReader)",
                new { migration.Version, migration.Name, migration.Checksum, migration.MinReader },
                cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new MigrationReport([.. migrations.All.Except(missing)], missing);
    }

    /// <summary>Checks, without changing anything, that a database has the schema of this build, or a newer one that lets it run.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SchemaException">It has not; the message says what to do.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = await HasRecordAsync(connection, cancellationToken).ConfigureAwait(false)
            ? await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false)
            : [];
        if (Migrations.FindMissing(connection.Database, applied).Count > 0)
        {
            throw new SchemaVersionException(
                connection.Database, applied.Select(one => one.Version).DefaultIfEmpty().Max(), Migrations.NewestVersion);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        // One use only: a connection that stayed in a pool would keep the database from being dropped or copied.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static Task<bool> HasRecordAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("SELECT to_regclass('schema_version') IS NOT NULL", cancellationToken: cancellationToken));

    // Records of builds from before the column was there are read as well.
    private static async Task<List<AppliedMigration>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<AppliedMigration>(new CommandDefinition(
            "SELECT version, name, checksum, (to_jsonb(v) ->> 'min_reader')::integer AS MinReader FROM schema_version v",
            cancellationToken: cancellationToken))
            .ConfigureAwait(false)).AsList();

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
