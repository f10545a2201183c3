using System.CommandLine;
using System.Globalization;

namespace MetaLlm.Host.Admin;

/// <summary>The command line of <c>report</c>: saves what a tenant's router has learned and what it cost, as one HTML file, and its tables as CSV.</summary>
public static class ReportCommand
{
    private static readonly AdminOptions Options = new();
    private static readonly string[] Tables = ["days", "models", "tasks", "keys"];

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant.", HelpName = "T", Required = true };
        var from = new Option<string?>("--from") { Description = "The earliest time: a date or a time. Default: 30 days before --to.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "The time before which. Default: now.", HelpName = "TIME" };
        var language = new Option<string?>("--language") { Description = "Language of the report: en or de. Default: en.", HelpName = "LANGUAGE" };
        var file = new Option<string>("--out") { Description = "File that receives the report: HTML that needs no server and no internet.", HelpName = "FILE", Required = true };
        var csv = new Option<string?>("--csv") { Description = "Directory that receives the tables as CSV. Default: none.", HelpName = "DIR" };
        return Options.Complete(new Command("report", "Writes what a tenant's router has learned and what it cost.") { tenant, from, to, language, file, csv }, async (client, result, cancellationToken) =>
        {
            var path = $"tenants/{Uri.EscapeDataString(result.GetRequiredValue(tenant))}/report";
            string Query(string? table) => AdminClient.Query(("from", result.GetValue(from)), ("to", result.GetValue(to)), ("language", result.GetValue(language)), ("table", table));
            var bytes = await client.SaveAsync(path + Query(null), result.GetRequiredValue(file), cancellationToken);
            if (result.GetValue(csv) is { } directory)
            {
                Directory.CreateDirectory(directory);
                foreach (var table in Tables)
                {
                    await client.SaveAsync(path + Query(table), Path.Combine(directory, table + ".csv"), cancellationToken);
                }
            }

            return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes written to {result.GetRequiredValue(file)}");
        });
    }
}
