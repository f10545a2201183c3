using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Authentication;

/// <summary>The key in <c>Authorization: Bearer &lt;key&gt;</c>.</summary>
internal static class BearerKey
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether the request has a credential of any scheme.</summary>
    public static bool IsSent(HttpRequest request) => !StringValues.IsNullOrEmpty(request.Headers.Authorization);

    /// <summary>Reads the key.</summary>
    /// <returns>Whether there is one; a credential of another scheme is none.</returns>
    public static bool TryRead(HttpRequest request, out ReadOnlySpan<char> key)
    {
        var header = request.Headers.Authorization.ToString();
        var found = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        key = found ? header.AsSpan(Scheme.Length).Trim() : [];
        return found;
    }
}
