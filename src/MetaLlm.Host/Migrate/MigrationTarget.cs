using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Host.Migrate;

/// <summary>The database to migrate.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Location">Path of a SQLite file, or the connection string of a PostgreSQL database.</param>
internal sealed record MigrationTarget(StorageKind Kind, string Location)
{
    /// <summary>Finds the database that the options name.</summary>
    /// <param name="configFile">A configuration file, whose storage settings name it; or null.</param>
    /// <param name="connectionVariable">Environment variable with the connection string of a PostgreSQL database; or null.</param>
    /// <param name="sqlitePath">A SQLite file; or null.</param>
    /// <exception cref="SettingsException">They do not name exactly one usable database.</exception>
    public static MigrationTarget Read(string? configFile, string? connectionVariable, string? sqlitePath) =>
        (configFile, connectionVariable, sqlitePath) switch
        {
            ({ } file, null, null) => Configured(StorageConfiguration.Read(file)),
            (null, { } variable, null) => new(StorageKind.Postgres, ConnectionString(variable, "an environment variable", Environment.GetEnvironmentVariable(variable))),
            (null, null, { } path) when string.IsNullOrWhiteSpace(path) => throw Unusable("--sqlite", "is empty; it must name a file."),
            (null, null, { } path) => new(StorageKind.Sqlite, Path.GetFullPath(path)),
            _ => throw Unusable(
                "migrate", "needs exactly one database: --config FILE for the configured one, --connection-env NAME for PostgreSQL, or --sqlite PATH."),
        };

    /// <summary>Applies what is missing.</summary>
    /// <param name="cancellationToken">Stops it; the database is as it was then.</param>
    public async Task<MigrationReport> MigrateAsync(CancellationToken cancellationToken)
    {
        if (Kind == StorageKind.Postgres)
        {
            return await PostgresMigrator.MigrateAsync(Location, cancellationToken: cancellationToken);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Location, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return SqliteMigrator.Migrate(connection, Location);
    }

    private static MigrationTarget Configured(StorageSettings storage) => storage.Kind == StorageKind.Sqlite
        ? new(StorageKind.Sqlite, storage.Sqlite.Path)
        : storage.ConnectionFile is { } file ? new(StorageKind.Postgres, ConnectionString(file.Path, "a file", file.Value))
        : new(StorageKind.Postgres, ConnectionString(storage.ConnectionEnvironment!.Variable, "an environment variable", storage.ConnectionEnvironment.Value));

    private static string ConnectionString(string name, string source, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw Unusable(name, $"is {source} that is not set; it must hold a connection string.");
        }

        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = text };
            if (builder.ContainsKey("Host") || builder.ContainsKey("Server"))
            {
                return text;
            }
        }
        catch (ArgumentException)
        {
            // The parser's message may repeat a value, and a value may be a password.
        }

        throw Unusable(
            name, $"is {source} that holds no connection string; it must have the form 'Host=...;Database=...;Username=...;Password=...'.");
    }

    private static SettingsException Unusable(string name, string problem) => new([new SettingsError(name, problem)]);
}
