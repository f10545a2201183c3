using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Rollout;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/judges</c>: what the tenant's judges are worth, and what they have cost.</summary>
internal sealed class JudgesEndpoint(JudgeReports reports, AnswerJudges judges, SideTenants sides)
{
    public async Task<ApiResult<JudgesBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var spent = await sides.DescribeAsync(JudgeTenant.NameOf(tenant.Id), context.RequestAborted).ConfigureAwait(false);
        var known = await reports.ReadAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<JudgesBody>(new JudgesBody
        {
            Tenant = tenant.Id,
            Share = tenant.Judges.IsOn ? tenant.Judges.Share : 0,
            Dropped = judges.Dropped(tenant.Id),
            SpendUsd = spent?.SpendUsd ?? 0,
            Window = PolicyEndpoint.CapOf(spent),
            Judges = [.. tenant.Judges.List.Select(judge => JudgeBody.Of(judge, known.GetValueOrDefault(judge.Name)))],
        });
    }
}
