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
        ("learning", "/learning?tenant=alpha", "Learning"),
        ("learning-without-traffic", "/learning?tenant=beta", "Learning"),
        ("money", "/money?tenant=alpha", "Money"),
        ("money-without-traffic", "/money?tenant=beta&days=7", "Money"),
        ("cluster", "/cluster?tenant=alpha", "Cluster"),
        ("playground", "/playground?tenant=alpha", "Playground"),
        ("tenants", "/manage?tenant=acme", "Tenants"),
        ("tenant-new", "/manage/new?tenant=acme", "New tenant"),
        ("tenant", "/manage/tenant?tenant=acme", "Settings of acme"),
        ("tenant-of-the-file", "/manage/tenant?tenant=alpha", "Settings of alpha"),
        ("keys", "/manage/keys?tenant=acme", "Keys of acme"),
        ("admin-keys", "/manage/admin-keys?tenant=acme", "Admin keys"),
        ("models", "/manage/models?tenant=acme", "Models of acme"),
        ("models-of-the-file", "/manage/models?tenant=alpha", "Models of alpha"),
        ("budget", "/manage/budget?tenant=alpha", "Budget of alpha"),
        ("policy", "/manage/policy?tenant=acme", "Policy of acme"),
        ("teach", "/manage/teach?tenant=acme", "Teach acme"),
        ("rollout", "/manage/rollout?tenant=acme", "Shadow and canary of acme"),
        ("audit", "/manage/audit?tenant=acme", "Audit log"),
    ];
}
