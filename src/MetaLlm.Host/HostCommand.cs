using System.CommandLine;
using MetaLlm.Host.Migrate;

namespace MetaLlm.Host;

/// <summary>The command line of the host: serves unless a subcommand says otherwise.</summary>
public static class HostCommand
{
    /// <summary>Creates the command with its subcommands <c>migrate</c> and <c>health</c>.</summary>
    public static RootCommand Create()
    {
        var command = new RootCommand("Serves the MetaLlm gateway.");
        ServeCommand.Configure(command);
        command.Add(MigrateCommand.Create());
        command.Add(HealthCommand.Create());
        return command;
    }
}
