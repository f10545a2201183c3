using System.CommandLine;

namespace MetaLlm.Cli.Migrate;

/// <summary>The verb <c>migrate</c>: brings a database to this build's schema.</summary>
internal static class MigrateCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(CliEnvironment environment)
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
        command.SetAction((parsed, cancellationToken) => new MigrateVerb(environment).RunAsync(
            new MigrateTarget(parsed.GetValue(configFile), parsed.GetValue(connectionVariable), parsed.GetValue(sqlitePath)), cancellationToken));
        return command;
    }
}
