using Dapper;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Brings SQLite files to the newest schema.</summary>
public static class SqliteMigrator
{
    /// <summary>Those of this build.</summary>
    public static MigrationSet Migrations { get; } = MigrationSet.Embedded(SqliteDriver.Kind);

    /// <summary>Applies what is missing: all of it, or nothing when anything fails. An up-to-date file is only read.</summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="database">Names the file in errors.</param>
    /// <param name="migrations">What the file is to have; null for <see cref="Migrations"/>.</param>
    /// <exception cref="SchemaException">The file was changed by another build; it is left as it was.</exception>
    public static MigrationReport Migrate(SqliteConnection connection, string database, MigrationSet? migrations = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        migrations ??= Migrations;

        // The write lock is taken before the record is read, so that two processes that start together do not both apply a script.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            PrepareRecord(connection, migrations);
            var applied = connection
                .Query<(long Version, string? Name, string? Checksum, long? MinReader)>("SELECT version, name, checksum, min_reader FROM schema_version")
                .Select(row => new AppliedMigration((int)row.Version, row.Name, row.Checksum, (int?)row.MinReader))
                .ToList();
            var missing = migrations.FindMissing(database, applied);
            foreach (var migration in missing)
            {
                connection.Execute(migration.Script);
                connection.Execute(
                    "INSERT INTO schema_version (version, name, checksum, applied_at, min_reader) VALUES (@Version, @Name, @Checksum, CURRENT_TIMESTAMP, @MinReader)",
                    new { migration.Version, migration.Name, migration.Checksum, migration.MinReader });
            }

            connection.Execute("COMMIT");
            return new MigrationReport([.. migrations.All.Except(missing)], missing);
        }
        catch
        {
            // Some errors have ended the transaction already; a second error would only hide the first.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                connection.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private static void PrepareRecord(SqliteConnection connection, MigrationSet migrations)
    {
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS schema_version (
                version    INTEGER NOT NULL PRIMARY KEY,
                name       TEXT,
                checksum   TEXT,
                applied_at TEXT,
                min_reader INTEGER
            )
            """);
        var columns = connection.Query<string>("SELECT name FROM pragma_table_info('schema_version')").ToHashSet(StringComparer.Ordinal);
        if (!columns.Contains("min_reader"))
        {
            connection.Execute("ALTER TABLE schema_version ADD COLUMN min_reader INTEGER");
        }

        if (columns.Contains("checksum"))
        {
            return;
        }

        // The first builds kept the version alone, and knew one. Their script has not changed since.
        connection.Execute("""
            ALTER TABLE schema_version ADD COLUMN name TEXT;
            ALTER TABLE schema_version ADD COLUMN checksum TEXT;
            ALTER TABLE schema_version ADD COLUMN applied_at TEXT;
            """);
        var first = migrations.All[0];
        connection.Execute(
            "UPDATE schema_version SET name = @Name, checksum = @Checksum WHERE version = @Version",
            new { first.Name, first.Checksum, first.Version });
    }
}
