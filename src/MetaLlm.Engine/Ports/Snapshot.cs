namespace MetaLlm.Engine.Ports;

/// <summary>Learned state with the positions up to which it has folded the journal.</summary>
/// <param name="AppliedSequence">Sequence of the last event in it.</param>
/// <param name="DecisionOrdinal">Ordinal of the last decision in it.</param>
/// <param name="State">The bytes that the tenant state wrote.</param>
public sealed record Snapshot(long AppliedSequence, long DecisionOrdinal, ReadOnlyMemory<byte> State);
