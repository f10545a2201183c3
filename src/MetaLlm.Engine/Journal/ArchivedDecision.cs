namespace MetaLlm.Engine.Journal;

/// <summary>A decision that goes out of a journal, with what became of it.</summary>
/// <param name="Stored">The decision, its settlement and the reward in force.</param>
/// <param name="SettledSequence">Sequence of its settlement.</param>
/// <param name="RewardedSequence">Sequence of its last feedback; that of the settlement for a default, or without a reward.</param>
public sealed record ArchivedDecision(StoredDecision Stored, long SettledSequence, long RewardedSequence);
