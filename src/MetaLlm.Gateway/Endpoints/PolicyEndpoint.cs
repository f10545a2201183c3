using MetaLlm.Core.Bandits;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>GET /v1/policy</c>: what the tenant's policy has learned.</summary>
internal sealed class PolicyEndpoint(ITenantEngine engine, PendingSettlements settlements, CircuitBreakers circuits)
{
    public async Task<ApiResult<PolicyBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        await settlements.WaitAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false);
        var report = await engine.DescribeAsync(tenant.Id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<PolicyBody>(new PolicyBody
        {
            Tenant = report.Tenant,
            Policy = report.Policy,
            PolicyVersion = report.PolicyVersion,
            FeatureSchema = report.FeatureSchema,
            Decisions = report.Decisions,
            EventsApplied = report.EventsApplied,
            RewardsApplied = report.RewardsApplied,
            RewardsDefaulted = report.RewardsDefaulted,
            WarmStartRows = report.WarmStartRows,
            SpendUsd = report.SpendUsd,
            WastedUsd = report.WastedUsd,
            ReservedUsd = report.ReservedUsd,
            BoundUsd = report.BoundUsd,
            Lambda = report.Lambda,
            Windows = [.. report.Windows.Select(View)],
            QualityFloor = report.QualityFloor is { } floor ? View(floor) : null,
            Imputation = report.Imputation is { } imputation ? View(imputation) : null,
            Cascade = report.Cascade is { } cascade
                ? new CascadeBody { Weighed = cascade.Weighed, Escalated = cascade.Escalated, Rewarded = cascade.Rewarded, FirstUsd = cascade.FirstUsd, SecondUsd = cascade.SecondUsd }
                : null,
            Canary = report.Canary is { } canary ? CanaryBody.Of(canary) : null,
            StateHash = report.StateHash,
            Arms = [.. report.Arms.Select(arm => View(arm, tenant))],
        });
    }

    internal static WindowBody View(WindowReport window) => new()
    {
        Window = window.Window,
        BudgetUsd = window.BudgetUsd,
        SpentUsd = window.SpentUsd,
        LeftUsd = window.LeftUsd,
        TargetUsdPerRequest = ApiJson.Finite(window.TargetUsdPerRequest),
        EndsAt = window.EndsAt,
    };

    private static QualityFloorBody View(QualityFloorReport floor) => new()
    {
        Floor = floor.Floor,
        RecentReward = ApiJson.Finite(floor.RecentReward),
        Rewards = floor.Rewards,
        Status = floor.Status,
    };

    /// <summary>The window of a report's hard cap; null without one.</summary>
    public static WindowBody? CapOf(TenantReport? report) => report?.Windows.FirstOrDefault(window => window.Window == BudgetWindow.HardCap) is { } cap ? View(cap) : null;

    private static ImputationBody View(ImputationReport imputation) => new()
    {
        Status = imputation.Status,
        Bias = ApiJson.Finite(imputation.Bias),
        N = imputation.Count,
        LateBias = ApiJson.Finite(imputation.LateBias),
        LateN = imputation.LateCount,
    };

    private PolicyArmBody View(ArmReport arm, TenantSettings tenant) => tenant.Targets.TryGetValue(arm.ArmId, out var target)
        ? View(arm, circuits.Status(tenant.Id, target), [.. target.Deployments.Select(deployment => View(deployment, circuits.Status(tenant.Id, deployment.Target)))])
        : View(arm, CircuitStatus.Closed, []);

    private static DeploymentBody View(ArmDeployment deployment, CircuitStatus circuit) => new()
    {
        Name = deployment.Name,
        Upstream = deployment.Target.Endpoint.Name,
        Model = deployment.Target.Model,
        Weight = deployment.Weight,
        Circuit = Word(circuit),
        HeldOutSeconds = circuit.Remaining.TotalSeconds,
    };

    private static CircuitWord Word(CircuitStatus circuit) => circuit.State switch
    {
        CircuitState.Closed => CircuitWord.Closed,
        CircuitState.Open => CircuitWord.Open,
        _ => CircuitWord.HalfOpen,
    };

    private static PolicyArmBody View(ArmReport arm, CircuitStatus circuit, IReadOnlyList<DeploymentBody> deployments) => new()
    {
        Id = arm.ArmId,
        Enabled = arm.Enabled,
        QuizRows = arm.QuizRows,
        Pulls = arm.Statistics.Pulls,
        Rewards = arm.Statistics.Rewards,
        MeanReward = ApiJson.Finite(arm.Statistics.MeanReward),
        MeanCostUsd = ApiJson.Finite(arm.Statistics.MeanCostUsd),
        MeanLatencySeconds = ApiJson.Finite(arm.Statistics.MeanLatencySeconds),
        SpendUsd = arm.Statistics.SpendUsd + arm.WastedUsd,
        WastedUsd = arm.WastedUsd,
        FailureRate = arm.Failures.Rate,
        Failures = View(arm.Failures),
        Circuit = Word(circuit),
        HeldOutSeconds = circuit.Remaining.TotalSeconds,
        Deployments = deployments.Count == 0 ? null : deployments,
    };

    private static FailuresBody View(ArmFailures failures) => new()
    {
        Connection = failures.Of(FailureKind.Connection),
        Timeout = failures.Of(FailureKind.Timeout),
        RateLimited = failures.Of(FailureKind.RateLimited),
        ServerError = failures.Of(FailureKind.ServerError),
        Refused = failures.Of(FailureKind.Refused),
        BadAnswer = failures.Of(FailureKind.BadAnswer),
        Cut = failures.Of(FailureKind.Cut),
        Objected = failures.Of(FailureKind.Objected),
    };
}
