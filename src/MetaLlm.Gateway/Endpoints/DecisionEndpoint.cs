using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/decisions/{id}</c>. Another tenant's decision is as unknown as one that never was.</summary>
internal sealed class DecisionEndpoint(ITenantEngine engine, PendingSettlements settlements)
{
    public async Task<ApiResult<DecisionBody>> HandleAsync(
        HttpContext context, [Description("The decision's id, or the id of the answer that it led to.")] string id)
    {
        var tenant = context.Tenant().Id;
        var decisionId = ChatIds.ToDecision(id);
        await settlements.WaitAsync(tenant, decisionId, context.RequestAborted).ConfigureAwait(false);
        var decision = await engine.FindDecisionAsync(tenant, decisionId, context.RequestAborted).ConfigureAwait(false)
            ?? throw new ApiException(ErrorCode.DecisionNotFound, $"There is no decision '{decisionId}'.", "id");
        return new ApiResult<DecisionBody>(DecisionView.Of(decision));
    }
}
