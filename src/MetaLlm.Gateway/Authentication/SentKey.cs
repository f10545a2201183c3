using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Authentication;

/// <summary>
/// The key of a request: <c>Authorization: Bearer &lt;key&gt;</c>, or, where that header is missing, <c>x-api-key: &lt;key&gt;</c>, as Anthropic's clients send it. The rule
/// is the same for every endpoint.
/// </summary>
internal static class SentKey
{
    private const string Scheme = "Bearer ";
    private const string ApiKey = "x-api-key";

    /// <summary>Whether the request has a credential of any scheme.</summary>
    public static bool IsSent(HttpRequest request) =>
        !StringValues.IsNullOrEmpty(request.Headers.Authorization) || !StringValues.IsNullOrEmpty(request.Headers[ApiKey]);

    /// <summary>Reads the key.</summary>
    /// <returns>Whether there is one; a credential of another scheme is none.</returns>
    public static bool TryRead(HttpRequest request, out ReadOnlySpan<char> key)
    {
        var authorization = request.Headers.Authorization;
        if (StringValues.IsNullOrEmpty(authorization))
        {
            key = request.Headers[ApiKey].ToString().AsSpan().Trim();
            return key.Length > 0;
        }

        var header = authorization.ToString();
        var found = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        key = found ? header.AsSpan(Scheme.Length).Trim() : [];
        return found;
    }
}
