namespace MetaLlm.Engine.Journal;

/// <summary>How far a tenant's journal has come.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="LastOrdinal">Ordinal of its last decision; 0 before the first.</param>
/// <param name="LastSequence">Sequence of its last event; 0 before the first.</param>
public readonly record struct JournalHead(string Tenant, long LastOrdinal, long LastSequence);
