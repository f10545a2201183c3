using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>The tenant that a request is about.</summary>
internal static class TenantContext
{
    /// <summary>The tenant of the request's key, which <see cref="TenantKeyHandler"/> has found.</summary>
    public static TenantSettings Tenant(this HttpContext context) =>
        context.Features.Get<TenantSettings>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without the policy of tenants.");

    /// <summary>The tenant that a path of management names.</summary>
    /// <exception cref="ApiException">There is none of that name (404).</exception>
    public static TenantSettings Named(this MetaLlmSettings settings, string tenant) =>
        settings.Tenants.TryGetValue(tenant, out var found)
            ? found
            : throw new ApiException(ErrorCode.TenantNotFound, $"There is no tenant '{tenant}'.", "tenant");
}
