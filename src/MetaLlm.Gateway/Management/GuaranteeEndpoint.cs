using System.ComponentModel;
using MetaLlm.Core.Budgets;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Guarantees;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/tenants/{tenant}/guarantee</c>: what is proven of a tenant's answers, and what that has cost.</summary>
internal sealed class GuaranteeEndpoint(ITenantEngine engine, AnswerAudits audits, SideTenants sides, PendingSettlements settlements, TenantSetups setups)
{
    public async Task<ApiResult<GuaranteeBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var id = (await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false)).Id;
        var side = GuaranteeTenant.NameOf(id);
        await settlements.WaitAsync(side, context.RequestAborted).ConfigureAwait(false);
        var spent = await sides.DescribeAsync(side, context.RequestAborted).ConfigureAwait(false);
        var report = (await engine.DescribeAsync(id, context.RequestAborted).ConfigureAwait(false)).Guarantee;
        return new ApiResult<GuaranteeBody>(new GuaranteeBody
        {
            Tenant = id,
            SpendUsd = spent?.SpendUsd ?? 0,
            Window = spent?.Windows.FirstOrDefault(window => window.Window == BudgetWindow.HardCap) is { } cap ? PolicyEndpoint.View(cap) : null,
            Dropped = audits.Dropped(id),
            Certificate = report is null ? null : CertificateBody.Of(report),
        });
    }
}
