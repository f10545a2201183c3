using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Lets a request pass whose key opens the endpoint, once its tenant can be served.</summary>
internal sealed class TenantReadyFilter(TenantSetups setups, KeyScope scope, bool needsPolicy) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if ((http.CallerKey().Scopes & scope) != scope)
        {
            var word = KeyRights.ScopeWords.Single(known => known.Value == scope).Key;
            throw new ApiException(ErrorCode.InsufficientScope, $"The API key lacks the scope '{word}', which {http.Request.Path} needs.");
        }

        var tenant = http.Tenant();
        return needsPolicy && tenant.Setup.InForce != tenant ? SetUpAsync(tenant, context, next) : next(context);
    }

    private async ValueTask<object?> SetUpAsync(TenantSettings tenant, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Features.Set(await setups.ReadyAsync(tenant, http.RequestAborted).ConfigureAwait(false));
        return await next(context).ConfigureAwait(false);
    }
}
