using MetaLlm.Gateway.Authentication;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Says where a page or a handler of the console stands, and which role it needs. What does not have it cannot be put into <see cref="ConsoleRoutes"/>.</summary>
/// <param name="path">The path below the console's, without a slash at its begin; empty for the first page.</param>
/// <param name="role">The least role.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ConsoleRouteAttribute(string path, AdminRole role) : Attribute
{
    /// <summary>The path below the console's.</summary>
    public string Path { get; } = path;

    /// <summary>The least role.</summary>
    public AdminRole Role { get; } = role;

    /// <summary>The method: <c>GET</c> also serves <c>HEAD</c>; <c>POST</c> needs an antiforgery token.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Whether it is about one tenant, which the query's <c>tenant</c> names; the first one without it.</summary>
    public bool Tenant { get; init; }

    /// <summary>Whether its form brings a file, which may be as long as the configuration says.</summary>
    public bool TakesFile { get; init; }
}
