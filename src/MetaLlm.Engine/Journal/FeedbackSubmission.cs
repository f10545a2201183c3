namespace MetaLlm.Engine.Journal;

/// <summary>Feedback as a client posts it.</summary>
public sealed record FeedbackSubmission
{
    /// <summary>The decision it is about.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The reward, 0 to 1.</summary>
    public required double Reward { get; init; }

    /// <summary>How much the reward counts: above 0, at most 1. A correction's weight replaces the earlier one's.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>
    /// Same decision and same key: a duplicate, which changes nothing, whatever came between. Null compares with the feedback in force instead: the same content is a
    /// duplicate, other content a correction. <see cref="JournalTransaction.Reward"/> says what that means for repeated posts.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// Whether this is the default for feedback that never came: taken only while the decision has no reward, and else a duplicate. It is no feedback: it has no
    /// key, and it is not counted.
    /// </summary>
    public bool IsDefault { get; init; }

    /// <summary>A short word of the client's, kept with the event; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>A free remark of the client's, kept with the event and never logged; null for none.</summary>
    public string? Comment { get; init; }
}
