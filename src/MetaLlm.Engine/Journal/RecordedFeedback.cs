namespace MetaLlm.Engine.Journal;

/// <summary>What a journal keeps of feedback beside its event.</summary>
/// <param name="Sequence">Sequence of the event.</param>
/// <param name="Label">The client's word; null for none.</param>
/// <param name="Comment">The client's remark; null for none.</param>
public sealed record RecordedFeedback(long Sequence, string? Label, string? Comment);
