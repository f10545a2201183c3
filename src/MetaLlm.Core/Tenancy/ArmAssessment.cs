namespace MetaLlm.Core.Tenancy;

/// <summary>How one arm looked when a decision was made.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Quality">Predicted reward.</param>
/// <param name="QualityDeviation">Standard deviation of that prediction.</param>
/// <param name="CostUsd">Predicted cost, USD.</param>
/// <param name="LatencySeconds">Predicted seconds to the full answer.</param>
/// <param name="Score">What was maximised; null for excluded arms.</param>
/// <param name="Propensity">Exact probability of being chosen.</param>
/// <param name="Exclusion">Why the arm could not be chosen (see <see cref="ArmExclusions"/>); null when it could.</param>
/// <param name="BoundUsd">
/// What caps set aside for a call of the arm, USD: by default the most that it can cost (see <see cref="HardCapReserve"/>), and never less than
/// <paramref name="CostUsd"/>. 0 in decisions from before bounds were recorded.
/// </param>
/// <param name="CachedTokens">Prompt tokens that were expected to come out of the arm's cache because it has served earlier turns of the conversation; 0 where nothing was known.</param>
[GenerateSerializer, Immutable, Alias("metallm.arm-assessment")]
public sealed record ArmAssessment(
    [property: Id(0)] string ArmId,
    [property: Id(1)] double Quality,
    [property: Id(2)] double QualityDeviation,
    [property: Id(3)] double CostUsd,
    [property: Id(4)] double LatencySeconds,
    [property: Id(5)] double? Score,
    [property: Id(6)] double Propensity,
    [property: Id(7)] string? Exclusion,
    [property: Id(8)] double BoundUsd = 0,
    [property: Id(9)] double CachedTokens = 0);
