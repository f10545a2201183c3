namespace MetaLlm.Engine.Journal;

/// <summary>What a write is about. A store loads it into the transaction before the write runs.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Lookups">Decisions of the tenant.</param>
public sealed record JournalScope(string Tenant, IReadOnlyList<DecisionLookup> Lookups);
