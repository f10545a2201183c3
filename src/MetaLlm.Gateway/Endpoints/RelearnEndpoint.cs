using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/relearn</c>: rebuilds the policy from the journal.</summary>
internal sealed class RelearnEndpoint(ITenantEngine engine, PendingSettlements settlements, SettingsStore settings)
{
    public async Task<ApiResult<RelearnBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var id = settings.Current.Named(tenant).Id;
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
