using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Admin;

/// <summary>
/// The command line of <c>apply</c>: makes the directory of a running gateway say what a file says. It goes through the gateway, so that what it writes is checked and recorded as
/// every other change.
/// </summary>
public static class ApplyCommand
{
    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var file = new Option<string>("--file", "-f") { Description = "The file: a list of tenants, or a configuration file with one. Its keys are left out.", HelpName = "FILE", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would change, and changes nothing." };
        var prune = new Option<bool>("--prune") { Description = "Deletes tenants of the directory that the file does not have." };
        var command = new Command("apply", "Makes the directory of a running gateway say what a file says, and prints what differs.") { file, dryRun, prune };
        return new AdminOptions().Complete(command, (client, result, output, cancellationToken) =>
            RunAsync(client, TenantFile.Read(result.GetRequiredValue(file)), result.GetValue(dryRun), result.GetValue(prune), output, cancellationToken));
    }

    private static async Task<int> RunAsync(
        AdminClient client, IReadOnlyList<JsonObject> wanted, bool dryRun, bool prune, TextWriter output, CancellationToken cancellationToken)
    {
        var there = await client.ListTenantsAsync(cancellationToken);
        var (created, changed, deleted, same, failed) = (0, 0, 0, 0, 0);
        foreach (var tenant in wanted)
        {
            var id = TenantFile.Id(tenant);
            var lines = there.TryGetValue(id, out var found) ? TenantDiff.Lines(found, tenant).ToList() : null;
            if (lines is { Count: 0 })
            {
                same++;
                continue;
            }

            await output.WriteLineAsync(lines is null ? $"+ {id}" : $"~ {id}");
            foreach (var line in lines ?? [])
            {
                await output.WriteLineAsync($"    {line}");
            }

            var done = dryRun || await TryAsync(client, HttpMethod.Put, id, tenant, output, cancellationToken);
            (created, changed, failed) = (created + (done && lines is null ? 1 : 0), changed + (done && lines is not null ? 1 : 0), failed + (done ? 0 : 1));
        }

        foreach (var id in prune ? there.Keys.Except(wanted.Select(TenantFile.Id)) : [])
        {
            await output.WriteLineAsync($"- {id}");
            var done = dryRun || await TryAsync(client, HttpMethod.Delete, id, null, output, cancellationToken);
            (deleted, failed) = (deleted + (done ? 1 : 0), failed + (done ? 0 : 1));
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{created} created, {changed} changed, {deleted} deleted, {same} as they were, {failed} refused{(dryRun ? " (dry run)" : "")}"));
        return failed == 0 ? 0 : ServeCommand.StartFailed;
    }

    private static async Task<bool> TryAsync(AdminClient client, HttpMethod method, string id, JsonObject? body, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(method, "tenants/" + AdminClient.Part(id), body, cancellationToken);
            return true;
        }
        catch (AdminException e) when (e.Status is >= 400 and < 500 and not (401 or 403))
        {
            await output.WriteLineAsync($"    refused: {e.Message}");
            return false;
        }
    }
}
