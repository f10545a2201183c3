using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/policy</c>: what the tenant's policy has learned.</summary>
internal sealed class PolicyEndpoint(ITenantEngine engine, CircuitBreakers circuits)
{
    public async Task HandleAsync(HttpContext context, TenantSettings tenant)
    {
        var report = await engine.DescribeAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false);
        await ApiJson.WriteAsync(context, new
        {
            Object = "metallm.policy",
            report.Tenant,
            report.Policy,
            report.PolicyVersion,
            report.FeatureSchema,
            report.Decisions,
            report.EventsApplied,
            report.RewardsApplied,
            report.RewardsDefaulted,
            report.WarmStartRows,
            report.SpendUsd,
            report.ReservedUsd,
            report.Lambda,
            Windows = report.Windows.Select(w => new
            {
                Window = w.Window switch { BudgetWindow.Hour => "hour", BudgetWindow.Day => "day", _ => "month" },
                w.BudgetUsd,
                w.SpentUsd,
                w.LeftUsd,
                w.TargetUsdPerRequest,
            }),
            QualityFloor = report.QualityFloor is { } floor ? View(floor) : null,
            Imputation = report.Imputation is { } imputation ? View(imputation) : null,
            report.StateHash,
            Arms = report.Arms.Select(arm => View(arm, tenant)),
        }).ConfigureAwait(false);
    }

    private static object View(QualityFloorReport floor) => new
    {
        floor.Floor,
        RecentReward = ApiJson.Finite(floor.RecentReward),
        floor.Rewards,
        Status = floor.Status switch
        {
            QualityFloorStatus.Learning => "learning",
            QualityFloorStatus.Held => "held",
            QualityFloorStatus.Infeasible => "infeasible",
            _ => "limited_by_budget",
        },
    };

    private static object View(ImputationReport imputation) => new
    {
        Status = imputation.Status switch
        {
            ImputationStatus.Learning => "learning",
            ImputationStatus.On => "on",
            _ => "off_biased",
        },
        Bias = ApiJson.Finite(imputation.Bias),
        N = imputation.Count,
        LateBias = ApiJson.Finite(imputation.LateBias),
        LateN = imputation.LateCount,
    };

    private object View(ArmReport arm, TenantSettings tenant)
    {
        var circuit = tenant.Targets.TryGetValue(arm.ArmId, out var target) ? circuits.Status(target) : CircuitStatus.Closed;
        return View(arm, circuit);
    }

    private static object View(ArmReport arm, CircuitStatus circuit) => new
    {
        Id = arm.ArmId,
        arm.Enabled,
        arm.QuizRows,
        arm.Statistics.Pulls,
        arm.Statistics.Rewards,
        MeanReward = ApiJson.Finite(arm.Statistics.MeanReward),
        MeanCostUsd = ApiJson.Finite(arm.Statistics.MeanCostUsd),
        MeanLatencySeconds = ApiJson.Finite(arm.Statistics.MeanLatencySeconds),
        arm.Statistics.SpendUsd,
        Circuit = circuit.State switch
        {
            CircuitState.Closed => "closed",
            CircuitState.Open => "open",
            _ => "half_open",
        },
        HeldOutSeconds = circuit.Remaining.TotalSeconds,
    };
}
