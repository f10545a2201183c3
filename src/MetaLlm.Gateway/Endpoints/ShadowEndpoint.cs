using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/shadow</c>: what the tenant's shadow has seen and cost.</summary>
internal sealed class ShadowEndpoint(ShadowCalls shadows, SideTenants sides)
{
    public async Task<ApiResult<ShadowBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var configuration = tenant.ShadowConfiguration;
        var report = await sides.DescribeAsync(ShadowTenant.NameOf(tenant.Id), context.RequestAborted).ConfigureAwait(false);
        var known = report?.Arms.ToDictionary(arm => arm.ArmId, StringComparer.Ordinal) ?? [];
        return new ApiResult<ShadowBody>(new ShadowBody
        {
            Tenant = tenant.Id,
            Share = configuration is null ? 0 : tenant.Shadow.Share,
            Policy = configuration?.Policy,
            Calls = report?.Decisions ?? 0,
            LeftOut = shadows.LeftOut(tenant.Id),
            SpendUsd = report?.SpendUsd ?? 0,
            Window = PolicyEndpoint.CapOf(report),
            Arms = [.. (configuration?.Arms ?? []).Select(arm => View(arm.Id, known.GetValueOrDefault(arm.Id)))],
        });
    }

    private static ShadowArmBody View(string id, ArmReport? arm) => new()
    {
        Id = id,
        Pulls = arm?.Statistics.Pulls ?? 0,
        MeanCostUsd = ApiJson.Finite(arm?.Statistics.MeanCostUsd ?? double.NaN),
        MeanLatencySeconds = ApiJson.Finite(arm?.Statistics.MeanLatencySeconds ?? double.NaN),
        SpendUsd = (arm?.Statistics.SpendUsd ?? 0) + (arm?.WastedUsd ?? 0),
        FailureRate = arm?.Failures.Rate ?? 0,
    };
}
