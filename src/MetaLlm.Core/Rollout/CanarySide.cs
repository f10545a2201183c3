namespace MetaLlm.Core.Rollout;

/// <summary>What came of the decisions for a canary, or for the other arms.</summary>
/// <param name="Calls">Calls that ended, but for those that the client gave up.</param>
/// <param name="FailureRate">Share of them in which the chosen arm failed; NaN without any.</param>
/// <param name="FailureBound">Of a canary the least, of the others the most that the rate is.</param>
/// <param name="Rewards">Decisions with feedback.</param>
/// <param name="MeanReward">Mean of their first rewards; NaN without any.</param>
/// <param name="RewardBound">Of a canary the most, of the others the least that the mean is.</param>
[GenerateSerializer, Immutable, Alias("metallm.canary-side")]
public sealed record CanarySide(
    [property: Id(0)] long Calls,
    [property: Id(1)] double FailureRate,
    [property: Id(2)] double FailureBound,
    [property: Id(3)] long Rewards,
    [property: Id(4)] double MeanReward,
    [property: Id(5)] double RewardBound);
