namespace MetaLlm.Storage.Postgres;

/// <summary>A decision that a write is about.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="IdempotencyKey">A key whose feedback may be there already; null for none.</param>
internal readonly record struct DecisionLookup(string DecisionId, string? IdempotencyKey = null);
