namespace MetaLlm.Engine.Onboarding;

/// <summary>A query that every arm has answered; in a quiz, the arm that was asked and perhaps others.</summary>
/// <param name="Query">Its text, as a request would have it.</param>
/// <param name="Task">The task tag that requests of this kind carry; null for none.</param>
/// <param name="InputTokens">Prompt tokens, at least 1.</param>
/// <param name="Outcomes">One per arm, in the order of the arms; in a quiz <see cref="ArmOutcome.Unknown"/> where nothing is known.</param>
public sealed record WarmStartExample(string Query, string? Task, double InputTokens, IReadOnlyList<ArmOutcome> Outcomes);
