namespace MetaLlm.Core.Bandits;

/// <summary>An arm was chosen for a context.</summary>
/// <param name="Arm">Index of the chosen arm.</param>
/// <param name="Ordinal">Ordinal of the decision, from 1.</param>
/// <param name="Pinned">Whether the caller named the arm, so that the choice carries no exploration.</param>
public readonly record struct ChosenObservation(int Arm, long Ordinal, bool Pinned);
