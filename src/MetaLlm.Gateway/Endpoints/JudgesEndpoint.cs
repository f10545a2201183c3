using MetaLlm.Core.Budgets;
using MetaLlm.Core.Judging;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Rollout;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/judges</c>: what the tenant's judges are worth, and what they have cost.</summary>
internal sealed class JudgesEndpoint(ITenantEngine engine, AnswerJudges judges, SideTenants sides, PendingSettlements settlements)
{
    public async Task<ApiResult<JudgesBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var side = JudgeTenant.NameOf(tenant.Id);
        await settlements.WaitAsync(side, context.RequestAborted).ConfigureAwait(false);
        var spent = await sides.DescribeAsync(side, context.RequestAborted).ConfigureAwait(false);
        var known = (await engine.DescribeAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false)).Judges
            .ToDictionary(judge => JudgeVerdict.NameOf(judge.Judge, judge.Version), StringComparer.Ordinal);
        return new ApiResult<JudgesBody>(new JudgesBody
        {
            Tenant = tenant.Id,
            Share = tenant.Judges.IsOn ? tenant.Judges.Share : 0,
            Dropped = judges.Dropped(tenant.Id),
            SpendUsd = spent?.SpendUsd ?? 0,
            Window = spent?.Windows.FirstOrDefault(window => window.Window == BudgetWindow.HardCap) is { } cap ? PolicyEndpoint.View(cap) : null,
            Judges = [.. tenant.Judges.List.Select(judge => JudgeBody.Of(judge, known.GetValueOrDefault(judge.Name)))],
        });
    }
}
