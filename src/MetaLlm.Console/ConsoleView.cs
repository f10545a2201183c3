using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace MetaLlm.WebConsole;

/// <summary>What pages know of their request. Set before a page is rendered; one for each request.</summary>
internal sealed class ConsoleView
{
    /// <summary>Where the console stands, with the application's base.</summary>
    public string Base { get; set; } = string.Empty;

    /// <summary>Who looks; null before the sign-in.</summary>
    public AdminCaller? Caller { get; set; }

    /// <summary>The page or handler; null for those without a session.</summary>
    public ConsoleRoute? Route { get; set; }

    /// <summary>The page that is shown, which is another one than the route where a handler answers with a page; null for a page without an address.</summary>
    public ConsoleRoute? Page { get; set; }

    /// <summary>The tenant that the page is about. It exists, and the caller may see it.</summary>
    /// <exception cref="InvalidOperationException">The route is not about a tenant.</exception>
    public string Tenant => TenantOrNull ?? throw new InvalidOperationException("This route is not about a tenant; 'Tenant = true' of its [ConsoleRoute] makes it so.");

    /// <summary>The tenant that the page is about, or the one that was looked at last; null for none.</summary>
    public string? TenantOrNull { get; set; }

    /// <summary>Tenants to pick from: the first ones in the order of their ids.</summary>
    public IReadOnlyList<string> Tenants { get; set; } = [];

    /// <summary>Whether there are more tenants than <see cref="Tenants"/>.</summary>
    public bool HasMoreTenants { get; set; }

    /// <summary><c>light</c> or <c>dark</c>; null to go by the browser.</summary>
    public string? Theme { get; set; }

    /// <summary>Whether the caller's role suffices. For showing a button; the handler behind it is guarded by its own role.</summary>
    /// <param name="role">The least role.</param>
    public bool May(AdminRole role) => Caller is { } caller && caller.Role >= role;

    /// <summary>The address of a page or handler, with the tenant that is looked at.</summary>
    /// <param name="path">The path of its route.</param>
    /// <param name="query">Names and values of the query; values that are null or empty are left out.</param>
    public string Url(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var parts = new List<KeyValuePair<string, string?>>(query.Length + 1);
        var named = false;
        foreach (var (name, value) in query)
        {
            named |= name == TenantScope.Parameter;
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add(new(name, value));
            }
        }

        if (!named && TenantOrNull is { } tenant)
        {
            parts.Insert(0, new(TenantScope.Parameter, tenant));
        }

        return QueryHelpers.AddQueryString(path.Length == 0 ? Base : $"{Base}/{path}", parts);
    }

    /// <summary>The address of the page that is shown, without the tenant and without what was asked for; the first page's where it has none of its own.</summary>
    public string PagePath => Page?.Place.Path is { Length: > 0 } path && !path.Contains('{', StringComparison.Ordinal) ? path : string.Empty;

    /// <summary>Whether an address leads into this console: a path below its base, without a host.</summary>
    /// <param name="address">The address.</param>
    public bool IsOwn(string? address) =>
        address is not null && address.StartsWith(Base, StringComparison.Ordinal) && (address.Length == Base.Length || address[Base.Length] is '/' or '?')
        && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl);

    /// <summary>The address of a file of the console.</summary>
    /// <param name="name">Its name.</param>
    public string Asset(string name) => $"{Base}/assets/{name}?v={ConsoleAssets.VersionOf(name)}";
}
