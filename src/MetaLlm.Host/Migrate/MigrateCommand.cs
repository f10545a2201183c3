using System.CommandLine;
using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage;
using MetaLlm.Storage.Migrations;

namespace MetaLlm.Host.Migrate;

/// <summary>
/// The command line of <c>migrate</c>: brings a database to this build's schema. Exit code 0 when it is there, 1 when the database refuses or
/// cannot be reached, 2 when the options do not name exactly one.
/// </summary>
public static class MigrateCommand
{
    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var configFile = new Option<string?>("--config")
        {
            Description = "The configuration file that 'serve' takes: the database of its storage settings.",
            HelpName = "FILE",
        };
        var connectionVariable = new Option<string?>("--connection-env")
        {
            Description = "A PostgreSQL database: the environment variable that holds its connection string. The role must be allowed to create tables.",
            HelpName = "NAME",
        };
        var sqlitePath = new Option<string?>("--sqlite")
        {
            Description = "A SQLite file; it is created when missing.",
            HelpName = "PATH",
        };
        var command = new Command("migrate", "Brings a database to the schema of this build: applies what is missing, says what was there, and changes nothing else.")
        {
            configFile,
            connectionVariable,
            sqlitePath,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            () => MigrationTarget.Read(result.GetValue(configFile), result.GetValue(connectionVariable), result.GetValue(sqlitePath)),
            result.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Func<StorageSettings> target, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            var storage = target();
            await PrintAsync(await storage.Driver.MigrateAsync(storage, cancellationToken), console.Output);
            return 0;
        }
        catch (SettingsException error)
        {
            await console.Error.WriteLineAsync(error.Message);
            return ServeCommand.ConfigurationFailed;
        }
        catch (Exception error) when (error is SchemaException or DbException)
        {
            await console.Error.WriteLineAsync($"metallm: {error.Message}");
            return ServeCommand.StartFailed;
        }
    }

    private static async Task PrintAsync(MigrationReport report, TextWriter output)
    {
        foreach (var migration in report.Present)
        {
            await output.WriteLineAsync($"present  {migration.Name}");
        }

        foreach (var migration in report.Applied)
        {
            await output.WriteLineAsync($"applied  {migration.Name}");
        }

        await output.WriteLineAsync($"{report.Present.Count} present, {report.Applied.Count} applied");
    }
}
