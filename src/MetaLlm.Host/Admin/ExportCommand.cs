using System.CommandLine;
using System.Globalization;

namespace MetaLlm.Host.Admin;

/// <summary>The command line of <c>export</c>: writes a tenant's decisions and events to a file, which <c>ope --log</c> reads.</summary>
public static class ExportCommand
{
    private static readonly AdminOptions Options = new();

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant.", HelpName = "T", Required = true };
        var from = new Option<string?>("--from") { Description = "The earliest decision: a date or a time. Default: the first.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "The time before which decisions were made. Default: no end.", HelpName = "TIME" };
        var file = new Option<string>("--out") { Description = "File that receives the lines of JSON.", HelpName = "FILE", Required = true };
        return Options.Complete(new Command("export", "Writes a tenant's decisions, with what became of them, to a file.") { tenant, from, to, file }, async (client, result, cancellationToken) =>
        {
            var path = $"tenants/{Uri.EscapeDataString(result.GetRequiredValue(tenant))}/decisions" + AdminClient.Query(("from", result.GetValue(from)), ("to", result.GetValue(to)));
            var bytes = await client.SaveAsync(path, result.GetRequiredValue(file), cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes written to {result.GetRequiredValue(file)}");
        });
    }
}
