using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/relearn</c>: rebuilds the policy from the journal.</summary>
internal sealed class RelearnEndpoint(ITenantEngine engine, PendingSettlements settlements, TenantSetups setups)
{
    public async Task<ApiResult<RelearnBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var id = (await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false)).Id;
        await settlements.WaitAsync(id, context.RequestAborted).ConfigureAwait(false);
        var receipt = await engine.RelearnAsync(id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<RelearnBody>(new RelearnBody
        {
            Tenant = id,
            Decisions = receipt.Decisions,
            Rewards = receipt.Rewards,
            Sequence = receipt.Sequence,
        });
    }
}
