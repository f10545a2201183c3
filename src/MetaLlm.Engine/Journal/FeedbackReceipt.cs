using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What became of one piece of feedback.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Status">The outcome.</param>
/// <param name="Sequence">The event's sequence: of the new event, or of the one that a duplicate repeats; null for an unknown decision, or a default that is not needed.</param>
[GenerateSerializer, Immutable, Alias("metallm.feedback-receipt")]
public sealed record FeedbackReceipt(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] FeedbackStatus Status,
    [property: Id(2)] long? Sequence)
{
    /// <summary>The event that was appended, as the journal will read it back; null unless accepted. It stays in the process of the journal: no caller elsewhere gets it.</summary>
    [field: NonSerialized]
    public RewardedEvent? Recorded { get; init; }
}
