using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Lets a request pass whose key opens the endpoint, once its tenant can be served.</summary>
internal sealed class TenantReadyFilter(TenantSetups setups, KeyScope scope, bool needsPolicy) : IApiFilter
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if ((http.CallerKey().Scopes & scope) != scope)
        {
            var word = KeyRights.ScopeWords.Single(known => known.Value == scope).Key;
            throw new ApiException(ErrorCode.InsufficientScope, $"The API key lacks the scope '{word}', which {http.Request.Path} needs.");
        }

        var tenant = http.Tenant();
        return needsPolicy && tenant.Setup.InForce != tenant ? SetUpAsync(tenant, http, next) : next(http);
    }

    private async Task SetUpAsync(TenantSettings tenant, HttpContext http, RequestDelegate next)
    {
        http.Features.Set(await setups.ReadyAsync(tenant, http.RequestAborted).ConfigureAwait(false));
        await next(http).ConfigureAwait(false);
    }
}
