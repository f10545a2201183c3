namespace MetaLlm.Engine.Journal;

/// <summary>Feedback that a transaction remembers beside its event.</summary>
/// <param name="Head">Its tenant.</param>
/// <param name="Ordinal">Ordinal of the decision.</param>
/// <param name="Key">The client's key, or one of the journal's own, which no client can send.</param>
/// <param name="Feedback">What is kept.</param>
public readonly record struct FeedbackRow(TenantHead Head, long Ordinal, string Key, RecordedFeedback Feedback);
