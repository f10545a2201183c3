using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Finds the tenant behind a request. The key alone says who it is: no header, path or body can name a tenant.</summary>
internal sealed class TenantAuthenticator(SettingsStore settings)
{
    private const string Scheme = "Bearer ";

    /// <exception cref="ApiException">No key, or none that is known (401).</exception>
    public TenantSettings Authenticate(HttpRequest request)
    {
        var current = settings.Current;
        var header = request.Headers.Authorization.ToString();
        var anonymous = current.AnonymousTenant is { } id ? current.Tenants[id] : null;
        if (header.Length == 0)
        {
            return anonymous ?? throw ApiException.Unauthorized(
                "missing_api_key", "No API key was sent; send one as 'Authorization: Bearer <key>'.");
        }

        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Unauthorized("invalid_api_key", "The Authorization header has another scheme than Bearer.");
        }

        var key = header[Scheme.Length..].Trim();
        if (anonymous is not null && key == TenantKey.Anonymous)
        {
            return anonymous;
        }

        return Find(current, TenantKey.Hash(key)) ?? throw ApiException.Unauthorized("invalid_api_key", "The API key is not known.");
    }

    /// <summary>Compares with every key, so that the time taken says nothing about which one was close.</summary>
    private static TenantSettings? Find(MetaLlmSettings settings, byte[] hash)
    {
        TenantSettings? found = null;
        foreach (var tenant in settings.Tenants.Values)
        {
            foreach (var known in tenant.KeyHashes)
            {
                found = TenantKey.Same(known, hash) ? tenant : found;
            }
        }

        return found;
    }
}
