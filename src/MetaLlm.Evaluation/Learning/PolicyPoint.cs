namespace MetaLlm.Evaluation.Learning;

/// <summary>What a policy earns and costs for each request.</summary>
/// <param name="Name">The model; <c>router</c> for the tenant's policy.</param>
/// <param name="Reward">Mean reward, 0 to 1; null where the decisions do not tell.</param>
/// <param name="RewardInterval">Ends of its 95 % interval; null without a reward.</param>
/// <param name="CostUsd">Mean cost, USD; null where the decisions do not tell.</param>
/// <param name="Decisions">Decisions that were used.</param>
/// <param name="Note">Why there is no reward, or what to mind; null for nothing.</param>
public sealed record PolicyPoint(string Name, double? Reward, double[]? RewardInterval, double? CostUsd, int Decisions, PolicyPointNote? Note)
{
    /// <summary>Mean reward that the tenant's policy predicted of the model for the same requests, 0 to 1; null for the router and where nothing can be used.</summary>
    public double? ExpectedReward { get; init; }

    /// <summary>Mean cost that it predicted for them, USD; null as above.</summary>
    public double? ExpectedCostUsd { get; init; }
}
