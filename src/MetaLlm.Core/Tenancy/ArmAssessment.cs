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
public sealed record ArmAssessment(
    string ArmId,
    double Quality,
    double QualityDeviation,
    double CostUsd,
    double LatencySeconds,
    double? Score,
    double Propensity,
    string? Exclusion);
