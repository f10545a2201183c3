namespace MetaLlm.Engine.Journal;

/// <summary>What a write is about. A store loads it into the transaction before the write runs.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Lookups">Decisions of the tenant.</param>
/// <param name="CanWait">Whether nobody waits for the write before going on: then it may wait some milliseconds to share another one's commit.</param>
public sealed record JournalScope(string Tenant, IReadOnlyList<DecisionLookup> Lookups, bool CanWait = false);
