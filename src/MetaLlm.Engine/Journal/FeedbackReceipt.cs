using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What became of one piece of feedback.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Status">The outcome.</param>
/// <param name="Sequence">The event's sequence: of the new event, or of the one that a duplicate repeats or a conflict contradicts; else null.</param>
[GenerateSerializer, Immutable, Alias("metallm.feedback-receipt")]
public sealed record FeedbackReceipt(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] FeedbackStatus Status,
    [property: Id(2)] long? Sequence)
{
    /// <summary>The event that was appended, as the journal will read it back; null unless accepted. It stays in the process of the journal: no caller elsewhere gets it.</summary>
    [field: NonSerialized]
    public RewardedEvent? Recorded { get; init; }

    /// <summary>The settlement that was appended before it; null when there was none. It stays in the process of the journal as well.</summary>
    [field: NonSerialized]
    public SettledEvent? Settled { get; init; }
}
