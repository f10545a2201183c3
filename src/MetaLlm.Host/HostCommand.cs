using System.CommandLine;
using MetaLlm.Host.Admin;
using MetaLlm.Host.Batch;
using MetaLlm.Host.Migrate;
using MetaLlm.Host.Move;
using MetaLlm.Host.Prices;

namespace MetaLlm.Host;

/// <summary>The command line of the host: serves unless a subcommand says otherwise.</summary>
public static class HostCommand
{
    /// <summary>Creates the command with its subcommands <c>migrate</c>, <c>health</c>, <c>relearn</c>, <c>rebuild</c>, <c>move</c>, <c>admin</c>, <c>apply</c>, <c>retention</c>, <c>export</c>, <c>report</c>, <c>prices</c> and <c>batch</c>.</summary>
    public static RootCommand Create()
    {
        var command = new RootCommand("Serves the MetaLlm gateway.");
        ServeCommand.Configure(command);
        command.Add(MigrateCommand.Create());
        command.Add(HealthCommand.Create());
        command.Add(RelearnCommand.Create());
        command.Add(RebuildCommand.Create());
        command.Add(MoveCommand.Create());
        command.Add(AdminCommand.Create());
        command.Add(ApplyCommand.Create());
        command.Add(RetentionCommand.Create());
        command.Add(ExportCommand.Create());
        command.Add(ReportCommand.Create());
        command.Add(PricesCommand.Create());
        command.Add(BatchCommand.Create());
        return command;
    }
}
