namespace MetaLlm.Core.Bandits;

/// <summary>What a policy has learned about one arm, for people.</summary>
/// <param name="Pulls">How often the arm was chosen.</param>
/// <param name="Rewards">How many decisions of the arm have a reward.</param>
/// <param name="MeanReward">Mean of those rewards; NaN without any.</param>
/// <param name="MeanCostUsd">Mean settled cost, USD; NaN without any.</param>
/// <param name="MeanLatencySeconds">Mean latency of completed calls, seconds; NaN without any.</param>
/// <param name="SpendUsd">Sum of settled cost, USD.</param>
[GenerateSerializer, Immutable, Alias("metallm.arm-statistics")]
public readonly record struct ArmStatistics(
    [property: Id(0)] long Pulls,
    [property: Id(1)] long Rewards,
    [property: Id(2)] double MeanReward,
    [property: Id(3)] double MeanCostUsd,
    [property: Id(4)] double MeanLatencySeconds,
    [property: Id(5)] double SpendUsd);
