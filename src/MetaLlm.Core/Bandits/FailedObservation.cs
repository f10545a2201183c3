using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Bandits;

/// <summary>An attempt at an arm gave the client no answer.</summary>
/// <param name="Arm">Index of the arm.</param>
/// <param name="Kind">How it failed.</param>
/// <param name="CostUsd">What it cost all the same, USD, at least 0.</param>
/// <param name="Seconds">How long it took, at least 0.</param>
/// <param name="Final">Whether no other arm answered instead.</param>
/// <param name="Ordinal">Ordinal of the decision.</param>
public readonly record struct FailedObservation(int Arm, FailureKind Kind, double CostUsd, double Seconds, bool Final, long Ordinal);
