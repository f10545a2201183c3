using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using MetaLlm.Engine.Configuration;
using MetaLlm.Host.Migrate;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;

namespace MetaLlm.Host.Move;

/// <summary>
/// The command line of <c>move</c>: moves a tenant of the directory from one cluster's PostgreSQL database to another's, while both serve. Exit code 0 when the target has it, 1 when it
/// cannot be moved or a database fails, 2 when the options cannot be used.
/// </summary>
public static class MoveCommand
{
    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant, one of the directory.", HelpName = "T", Required = true };
        var from = new Option<string>("--from-env") { Description = "Environment variable with the connection string of the database that has the tenant.", HelpName = "NAME", Required = true };
        var to = new Option<string>("--to-env") { Description = "Environment variable with the connection string of the database that is to have it.", HelpName = "NAME", Required = true };
        var command = new Command(
            "move", "Moves a tenant with its keys and all that was recorded to another cluster's database. Its calls are answered 503 at the source meanwhile; others do not notice.") { tenant, from, to };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetRequiredValue(tenant), result.GetRequiredValue(from), result.GetRequiredValue(to), result.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string tenant, string from, string to, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            var (source, target) = (MigrationTarget.ReadVariable(from), MigrationTarget.ReadVariable(to));
            var moved = await PostgresTenantMove.MoveAsync(source, target, tenant, PostgresTenantMove.Notice, TimeProvider.System, cancellationToken);
            await console.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"moved    {tenant}: {moved.Decisions} decisions, {moved.Events} events, {moved.Feedback} pieces of feedback; fenced for {moved.Fenced.TotalSeconds:F1} s"));
            return 0;
        }
        catch (SettingsException error)
        {
            await console.Error.WriteLineAsync(error.Message);
            return ServeCommand.ConfigurationFailed;
        }
        catch (Exception error) when (error is TenantMoveException or SchemaException or DbException)
        {
            await console.Error.WriteLineAsync($"metallm: {error.Message}");
            return ServeCommand.StartFailed;
        }
    }
}
