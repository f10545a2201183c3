namespace MetaLlm.Engine.Onboarding;

/// <summary>A query that every arm has answered.</summary>
/// <param name="Query">Its text, as a request would have it.</param>
/// <param name="Task">The task tag that requests of this kind carry; null for none.</param>
/// <param name="InputTokens">Prompt tokens, at least 1.</param>
/// <param name="Outcomes">One per arm, in the order of the arms.</param>
public sealed record WarmStartExample(string Query, string? Task, double InputTokens, IReadOnlyList<ArmOutcome> Outcomes);
