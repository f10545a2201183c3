using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/decisions/{id}</c>. Another tenant's decision is as unknown as one that never was.</summary>
internal sealed class DecisionEndpoint(ITenantEngine engine)
{
    public async Task HandleAsync(HttpContext context, TenantSettings tenant)
    {
        var id = ChatIds.ToDecision((string)context.Request.RouteValues["id"]!);
        var decision = await engine.FindDecisionAsync(tenant.Id, id, context.RequestAborted).ConfigureAwait(false)
            ?? throw ApiException.NotFound("decision_not_found", $"There is no decision '{id}'.", "id");
        await ApiJson.WriteAsync(context, DecisionView.Of(decision)).ConfigureAwait(false);
    }
}
