using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What became of one piece of feedback.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Status">The outcome.</param>
/// <param name="Sequence">The event's sequence: of the new event, or of the one that a duplicate repeats; null for an unknown decision, or a default that is not needed.</param>
public sealed record FeedbackReceipt(string DecisionId, FeedbackStatus Status, long? Sequence)
{
    /// <summary>The event that was appended, as the journal will read it back; null unless accepted.</summary>
    public RewardedEvent? Recorded { get; init; }
}
