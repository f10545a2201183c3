using MetaLlm.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Whom a request is about, and who sends it.</summary>
internal static class TenantContext
{
    /// <summary>The tenant of the request's key, which <see cref="TenantKeyHandler"/> has found.</summary>
    public static TenantSettings Tenant(this HttpContext context) =>
        context.Features.Get<TenantSettings>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without the policy of tenants.");

    /// <summary>The key of the request.</summary>
    public static CallerKey CallerKey(this HttpContext context) =>
        context.Features.Get<CallerKey>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without the policy of tenants.");

    /// <summary>Who manages, as <see cref="AdminKeyHandler"/> has found.</summary>
    public static AdminCaller Admin(this HttpContext context) =>
        context.Features.Get<AdminCaller>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without the policy of those who manage.");
}
