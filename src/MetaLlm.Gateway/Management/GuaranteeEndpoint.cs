using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Guarantees;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/tenants/{tenant}/guarantee</c>: what is proven of a tenant's answers, and what that has cost.</summary>
internal sealed class GuaranteeEndpoint(ITenantEngine engine, AnswerAudits audits, SideTenants sides, TenantSetups setups)
{
    public async Task<ApiResult<GuaranteeBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var id = (await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false)).Id;
        var spent = await sides.DescribeAsync(GuaranteeTenant.NameOf(id), context.RequestAborted).ConfigureAwait(false);
        var report = (await engine.DescribeAsync(id, context.RequestAborted).ConfigureAwait(false)).Guarantee;
        return new ApiResult<GuaranteeBody>(new GuaranteeBody
        {
            Tenant = id,
            SpendUsd = spent?.SpendUsd ?? 0,
            Window = PolicyEndpoint.CapOf(spent),
            Dropped = audits.Dropped(id),
            Certificate = report is null ? null : CertificateBody.Of(report),
        });
    }
}
