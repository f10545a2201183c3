namespace MetaLlm.Engine.Journal;

/// <summary>How far a tenant's journal has come, and where it begins.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="LastOrdinal">Ordinal of its last decision; 0 before the first.</param>
/// <param name="LastSequence">Sequence of its last event; 0 before the first.</param>
/// <param name="BaseSequence">Sequence of the last event in the state that stands for the journal's beginning; 0 while the journal has all of it.</param>
public readonly record struct JournalHead(string Tenant, long LastOrdinal, long LastSequence, long BaseSequence = 0);
