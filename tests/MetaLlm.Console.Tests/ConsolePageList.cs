namespace MetaLlm.WebConsole.Tests;

/// <summary>The pages that are opened in a browser: a name for the pictures, the address below the console's, a heading that must be there. A new page is one line here.</summary>
internal static class ConsolePageList
{
    /// <summary>In an address, stands for a decision with feedback.</summary>
    public const string Decision = "{decision}";

    public static IReadOnlyList<(string Name, string Path, string Heading)> All { get; } =
    [
        ("now", "?tenant=alpha", "Now"),
        ("now-without-traffic", "?tenant=beta", "Now"),
        ("decisions", "/decisions?tenant=alpha", "Decisions"),
        ("decisions-none", "/decisions?tenant=alpha&model=nothing", "Decisions"),
        ("decision", "/decisions/{decision}?tenant=alpha", Decision),
        ("request", "/decisions/{decision}/request?tenant=alpha", "Request and answer"),
        ("cluster", "/cluster?tenant=alpha", "Cluster"),
    ];
}
