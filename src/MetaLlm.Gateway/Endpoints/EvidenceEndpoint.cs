using System.ComponentModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Evidence;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/evidence</c>, and the same of a tenant for those who manage it: what was bought of models that did not serve, and what is left.</summary>
internal sealed class EvidenceEndpoint(TenantCatalog catalog, EvidenceBuyer buyer, SideTenants sides, TimeProvider time)
{
    public Task<ApiResult<EvidenceBody>> HandleAsync(HttpContext context) => ReadAsync(context.Tenant(), context.RequestAborted);

    public async Task<ApiResult<EvidenceBody>> OfAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        await ReadAsync(await catalog.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false);

    private async Task<ApiResult<EvidenceBody>> ReadAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        var spent = await sides.DescribeAsync(EvidenceTenant.NameOf(tenant.Id), cancellationToken).ConfigureAwait(false);
        var own = await sides.DescribeAsync(tenant.Id, cancellationToken).ConfigureAwait(false);
        var bought = spent?.Arms.ToDictionary(arm => arm.ArmId, StringComparer.Ordinal) ?? [];
        return new ApiResult<EvidenceBody>(new EvidenceBody
        {
            Tenant = tenant.Id,
            Usd = tenant.Evidence.Usd,
            LeftUsd = tenant.Evidence.Usd is { } usd ? EvidencePurse.Left(usd, spent, time.GetUtcNow()) : 0,
            SpendUsd = spent?.SpendUsd ?? 0,
            Window = PolicyEndpoint.CapOf(spent),
            Answers = spent?.Decisions ?? 0,
            Queries = buyer.Known(tenant.Id),
            LearnedRows = own?.WarmStartRows ?? 0,
            LookedAt = buyer.Seen(tenant.Id),
            Dropped = buyer.Dropped(tenant.Id),
            Arms =
            [
                .. (tenant.Evidence.IsOn ? tenant.Evidence.ToConfiguration(tenant.Configuration).Arms : []).Select(arm => new EvidenceArmBody
                {
                    Id = arm.Id,
                    Answers = bought.GetValueOrDefault(arm.Id)?.Statistics.Pulls ?? 0,
                    SpendUsd = (bought.GetValueOrDefault(arm.Id)?.Statistics.SpendUsd ?? 0) + (bought.GetValueOrDefault(arm.Id)?.WastedUsd ?? 0),
                    QuizRows = own?.Arms.FirstOrDefault(one => one.ArmId == arm.Id)?.QuizRows ?? 0,
                }),
            ],
        });
    }
}
