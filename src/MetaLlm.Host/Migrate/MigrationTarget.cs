using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;

namespace MetaLlm.Host.Migrate;

/// <summary>Finds the database that the options of a command name.</summary>
internal static class MigrationTarget
{
    /// <summary>Finds it.</summary>
    /// <param name="configFile">A configuration file, whose storage settings name it; or null.</param>
    /// <param name="connectionVariable">Environment variable with the connection string of a PostgreSQL database; or null.</param>
    /// <param name="sqlitePath">A SQLite file; or null.</param>
    /// <exception cref="SettingsException">They do not name exactly one usable database.</exception>
    public static StorageSettings Read(string? configFile, string? connectionVariable, string? sqlitePath) =>
        (configFile, connectionVariable, sqlitePath) switch
        {
            ({ } file, null, null) => Configured(StorageConfiguration.Read(file)),
            (null, { } variable, null) => new StorageSettings { Kind = PostgresDriver.Kind, Postgres = { ConnectionString = ReadVariable(variable) } },
            (null, null, { } path) when string.IsNullOrWhiteSpace(path) => throw Unusable("--sqlite", "is empty; it must name a file."),
            (null, null, { } path) => new StorageSettings { Sqlite = { Path = Path.GetFullPath(path) } },
            _ => throw Unusable(
                "migrate", "needs exactly one database: --config FILE for the configured one, --connection-env NAME for PostgreSQL, or --sqlite PATH."),
        };

    /// <summary>The connection string of a PostgreSQL database.</summary>
    /// <param name="variable">The environment variable that holds it.</param>
    /// <exception cref="SettingsException">It holds none.</exception>
    public static string ReadVariable(string variable) => Checked(variable, "an environment variable", Environment.GetEnvironmentVariable(variable));

    private static StorageSettings Configured(StorageSettings storage)
    {
        _ = storage switch
        {
            { ConnectionFile: { } file } => Checked(file.Path, "a file", file.Value),
            { ConnectionEnvironment: { } held } => Checked(held.Variable, "an environment variable", held.Value),
            _ => "",
        };
        return storage;
    }

    private static string Checked(string name, string source, string? text)
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
