using System.CommandLine;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Admin;

/// <summary>The command line of <c>admin</c>: tenants, keys, usage and audit of a running gateway, over HTTP.</summary>
public static class AdminCommand
{
    private static readonly AdminOptions Options = new();

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var command = new Command("admin", "Manages tenants and keys of a running gateway, and reports usage.");
        command.Add(Tenant());
        command.Add(Key());
        command.Add(Budget());
        command.Add(Usage());
        command.Add(Audit());
        command.Add(Options.Complete(new Command("shared-learning", "Shows what tenants know together: sums of rewards by model and topic, with noise."), (client, _, cancellationToken) =>
            client.SendAsync(HttpMethod.Get, "shared-learning", null, cancellationToken)));
        return command;
    }

    private static Command Tenant()
    {
        var id = new Argument<string>("TENANT") { Description = "The tenant." };
        var file = new Argument<string>("FILE") { Description = "A file with the tenant object of a configuration file." };
        var patch = new Argument<string>("PATCH") { Description = "What changes, as a JSON merge patch." };
        var after = new Option<string?>("--after") { Description = "The tenant that the list begins after.", HelpName = "TENANT" };
        return new Command("tenant", "Lists, shows, creates, changes and deletes tenants.")
        {
            Options.Complete(new Command("list", "Lists tenants.") { after }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Get, "tenants" + AdminClient.Query(("after", result.GetValue(after)), ("limit", "1000")), null, cancellationToken)),
            Options.Complete(new Command("get", "Shows a tenant.") { id }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Get, Path(result.GetRequiredValue(id)), null, cancellationToken)),
            Options.Complete(new Command("create", "Creates a tenant.") { file }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Post, "tenants", TenantFile.ReadOne(result.GetRequiredValue(file)), cancellationToken)),
            Options.Complete(new Command("patch", "Changes a tenant.") { id, patch }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Patch, Path(result.GetRequiredValue(id)), TenantFile.Parse(result.GetRequiredValue(patch), "PATCH"), cancellationToken)),
            Options.Complete(new Command("delete", "Deletes a tenant with its keys.") { id }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Delete, Path(result.GetRequiredValue(id)), null, cancellationToken)),
        };
    }

    private static Command Key()
    {
        var tenant = new Argument<string>("TENANT") { Description = "The tenant." };
        var id = new Argument<string>("ID") { Description = "Id of the key." };
        var name = new Option<string?>("--name") { Description = "What people call it.", HelpName = "NAME" };
        var scopes = new Option<string[]>("--scope") { Description = "What it opens: chat, feedback, read; all without it.", HelpName = "SCOPE" };
        var days = new Option<double?>("--expires-in-days") { Description = "After how many days it opens nothing any more.", HelpName = "DAYS" };
        return new Command("key", "Lists, makes and deletes keys of a tenant.")
        {
            Options.Complete(new Command("list", "Lists keys.") { tenant }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Get, Path(result.GetRequiredValue(tenant)) + "/keys", null, cancellationToken)),
            Options.Complete(new Command("create", "Makes a key, and shows it once.") { tenant, name, scopes, days }, (client, result, cancellationToken) =>
            {
                var body = new JsonObject();
                if (result.GetValue(name) is { } text)
                {
                    body["name"] = text;
                }

                if (result.GetValue(scopes) is { Length: > 0 } words)
                {
                    body["scopes"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
                }

                if (result.GetValue(days) is { } life)
                {
                    body["expires_in_seconds"] = life * 24 * 3600;
                }

                return client.SendAsync(HttpMethod.Post, Path(result.GetRequiredValue(tenant)) + "/keys", body, cancellationToken);
            }),
            Options.Complete(new Command("delete", "Deletes a key.") { tenant, id }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Delete, $"{Path(result.GetRequiredValue(tenant))}/keys/{AdminClient.Part(result.GetRequiredValue(id))}", null, cancellationToken)),
        };
    }

    private static Command Budget()
    {
        var tenant = new Argument<string>("TENANT") { Description = "The tenant." };
        return new Command("budget", "Begins budgets anew.")
        {
            Options.Complete(new Command("reset", "Lets the windows that are open have spent nothing, and the shadow price start as at first.") { tenant }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Post, Path(result.GetRequiredValue(tenant)) + "/budget/reset", null, cancellationToken)),
        };
    }

    private static Command Usage()
    {
        var tenant = new Option<string?>("--tenant") { Description = "The tenant; all without it.", HelpName = "TENANT" };
        var from = new Option<string?>("--from") { Description = "The first day; 30 days before the last without it.", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "The day after the last; now without it.", HelpName = "DATE" };
        var by = new Option<string?>("--by") { Description = "day, model, task, key or tenant; day without it.", HelpName = "WORD" };
        var csv = new Option<bool>("--csv") { Description = "Prints CSV instead of JSON." };
        return Options.Complete(new Command("usage", "Reports requests, tokens, USD and rewards.") { tenant, from, to, by, csv }, (client, result, cancellationToken) => client.SendAsync(
            HttpMethod.Get,
            "usage" + AdminClient.Query(
                ("tenant", result.GetValue(tenant)), ("from", result.GetValue(from)), ("to", result.GetValue(to)), ("by", result.GetValue(by)), ("format", result.GetValue(csv) ? "csv" : "json")),
            null,
            cancellationToken));
    }

    private static Command Audit()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Changes of this tenant alone.", HelpName = "TENANT" };
        var since = new Option<string?>("--since") { Description = "Changes from this time on.", HelpName = "TIME" };
        var after = new Option<string?>("--after") { Description = "The revision that the list begins after.", HelpName = "N" };
        return Options.Complete(new Command("audit", "Lists who changed what, when.") { tenant, since, after }, (client, result, cancellationToken) => client.SendAsync(
            HttpMethod.Get, "audit" + AdminClient.Query(("tenant", result.GetValue(tenant)), ("since", result.GetValue(since)), ("after", result.GetValue(after)), ("limit", "1000")), null, cancellationToken));
    }

    private static string Path(string tenant) => "tenants/" + AdminClient.Part(tenant);
}
