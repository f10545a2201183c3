using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Lets those in who hold the admin key, and finds the tenant that the path names. A tenant's own key manages nothing.</summary>
internal sealed class AdminAuthenticator(SettingsStore settings)
{
    private const string Scheme = "Bearer ";

    /// <exception cref="ApiException">No key or another one (401), no admin key configured (403), or no such tenant (404).</exception>
    public TenantSettings Authenticate(HttpRequest request)
    {
        var current = settings.Current;
        if (current.AdminKeyHash is not { } hash)
        {
            throw ApiException.Forbidden("management_disabled", "Management is switched off; 'admin.keyEnvironment' of the configuration switches it on.");
        }

        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            throw ApiException.Unauthorized("missing_api_key", "No admin key was sent; send it as 'Authorization: Bearer <key>'.");
        }

        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !TenantKey.Same(TenantKey.Hash(header[Scheme.Length..].Trim()), hash))
        {
            throw ApiException.Unauthorized("invalid_api_key", "The key is not the admin key.");
        }

        var id = request.HttpContext.GetRouteValue("tenant") as string ?? string.Empty;
        return current.Tenants.TryGetValue(id, out var tenant) ? tenant : throw ApiException.NotFound("tenant_not_found", $"There is no tenant '{id}'.", "tenant");
    }
}
