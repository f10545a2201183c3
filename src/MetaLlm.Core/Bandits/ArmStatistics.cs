namespace MetaLlm.Core.Bandits;

/// <summary>What a policy has learned about one arm, for people.</summary>
/// <param name="Pulls">How often the arm was chosen.</param>
/// <param name="Rewards">How many decisions of the arm have a reward.</param>
/// <param name="MeanReward">Mean of those rewards; NaN without any.</param>
/// <param name="MeanCostUsd">Mean settled cost, USD; NaN without any.</param>
/// <param name="MeanLatencySeconds">Mean latency of completed calls, seconds; NaN without any.</param>
/// <param name="SpendUsd">Sum of settled cost, USD.</param>
public readonly record struct ArmStatistics(
    long Pulls,
    long Rewards,
    double MeanReward,
    double MeanCostUsd,
    double MeanLatencySeconds,
    double SpendUsd);
