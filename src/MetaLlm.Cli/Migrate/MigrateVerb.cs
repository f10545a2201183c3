using System.Data.Common;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using MetaLlm.Storage.Migrations;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Cli.Migrate;

/// <summary>Migrates one database and prints what was there and what was applied.</summary>
/// <param name="environment">What the verb works with.</param>
internal sealed class MigrateVerb(CliEnvironment environment)
{
    /// <summary>Runs the verb.</summary>
    /// <param name="target">The database.</param>
    /// <param name="cancellationToken">Stops it; the database is as it was then.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="BadInputException">The options do not name a database.</exception>
    public async Task<int> RunAsync(MigrateTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await PrintAsync(await MigrateAsync(target, cancellationToken));
            return ExitCodes.Success;
        }
        catch (Exception error) when (error is SchemaException or DbException)
        {
            await environment.Error.WriteLineAsync($"metallm: {error.Message}");
            return ExitCodes.Failure;
        }
    }

    private static Task<MigrationReport> MigrateAsync(MigrateTarget target, CancellationToken cancellationToken)
    {
        if (new[] { target.ConfigFile, target.ConnectionVariable, target.SqlitePath }.Count(one => one is not null) != 1)
        {
            throw new BadInputException(
                "migrate needs exactly one database: --config FILE for the configured one, --connection-env NAME for PostgreSQL, or --sqlite PATH.");
        }

        if (target.ConfigFile is { } file)
        {
            return MigrateConfiguredAsync(file, cancellationToken);
        }

        if (target.ConnectionVariable is { } variable)
        {
            return PostgresMigrator.MigrateAsync(ReadConnectionString(variable), cancellationToken: cancellationToken);
        }

        return string.IsNullOrWhiteSpace(target.SqlitePath)
            ? throw new BadInputException("--sqlite: the path is empty; it must name a file.")
            : MigrateSqliteAsync(Path.GetFullPath(target.SqlitePath), cancellationToken);
    }

    private static Task<MigrationReport> MigrateConfiguredAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var storage = StorageConfiguration.Read(file);
            return storage.Kind == StorageKind.Sqlite
                ? MigrateSqliteAsync(storage.Path!, cancellationToken)
                : PostgresMigrator.MigrateAsync(ReadConnectionString(storage.ConnectionEnvironment!), cancellationToken: cancellationToken);
        }
        catch (SettingsException error)
        {
            throw new BadInputException([.. error.Errors.Select(one => one.ToString())]);
        }
    }

    private static async Task<MigrationReport> MigrateSqliteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return SqliteMigrator.Migrate(connection, path);
    }

    private static string ReadConnectionString(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
        {
            throw new BadInputException($"The environment variable {variable} is not set; it must hold a connection string.");
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

        throw new BadInputException(
            $"What the environment variable {variable} holds is no connection string; it must have the form 'Host=...;Database=...;Username=...;Password=...'.");
    }

    private async Task PrintAsync(MigrationReport report)
    {
        foreach (var migration in report.Present)
        {
            await environment.Output.WriteLineAsync($"present  {migration.Name}");
        }

        foreach (var migration in report.Applied)
        {
            await environment.Output.WriteLineAsync($"applied  {migration.Name}");
        }

        await environment.Output.WriteLineAsync($"{report.Present.Count} present, {report.Applied.Count} applied");
    }
}
