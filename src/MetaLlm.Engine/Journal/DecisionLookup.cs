namespace MetaLlm.Engine.Journal;

/// <summary>A decision that a write is about, to be loaded before it runs.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="IdempotencyKey">A key whose feedback may be there already; null for none.</param>
/// <param name="InForce">Whether the write needs <see cref="DecisionState.InForce"/>.</param>
public readonly record struct DecisionLookup(string DecisionId, string? IdempotencyKey = null, bool InForce = false);
