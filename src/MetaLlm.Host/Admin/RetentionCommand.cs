using System.CommandLine;

namespace MetaLlm.Host.Admin;

/// <summary>The command line of <c>retention</c>: what a running cluster would let go, and lets it go now.</summary>
public static class RetentionCommand
{
    private static readonly AdminOptions Options = new();

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var after = new Option<string?>("--after") { Description = "The tenant that the list begins after.", HelpName = "TENANT" };
        var tenant = new Option<string?>("--tenant") { Description = "Files of this tenant alone.", HelpName = "TENANT" };
        return new Command("retention", "Shows which old decisions would be archived and dropped, does it now, and lists the archive.")
        {
            Options.Complete(new Command("show", "Shows how long things are kept, and what would go.") { after }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Get, "retention" + AdminClient.Query(("after", result.GetValue(after)), ("limit", "1000")), null, cancellationToken)),
            Options.Complete(new Command("run", "Archives and drops now what is old enough, and waits for it."), (client, _, cancellationToken) =>
                client.SendAsync(HttpMethod.Post, "retention/run", null, cancellationToken)),
            Options.Complete(new Command("archive", "Lists files of the archive.") { tenant }, (client, result, cancellationToken) =>
                client.SendAsync(HttpMethod.Get, "retention/archive" + AdminClient.Query(("tenant", result.GetValue(tenant)), ("limit", "1000")), null, cancellationToken)),
        };
    }
}
