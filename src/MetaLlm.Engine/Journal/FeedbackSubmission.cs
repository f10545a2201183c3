using MetaLlm.Core.Judging;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Engine.Journal;

/// <summary>Feedback as a client posts it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.feedback-submission")]
public sealed record FeedbackSubmission
{
    /// <summary>The decision it is about.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>The reward, 0 to 1; of no meaning for a withdrawal.</summary>
    [Id(1)]
    public required double Reward { get; init; }

    /// <summary>How much the reward counts: above 0, at most 1. A correction's weight replaces the earlier one's.</summary>
    [Id(2)]
    public double Weight { get; init; } = 1;

    /// <summary>
    /// Same decision and same key: a duplicate, which changes nothing, whatever came between. Null compares with the feedback in force instead: the same content is a
    /// duplicate, other content a correction. <see cref="JournalTransaction.Reward"/> says what that means for repeated posts.
    /// </summary>
    [Id(3)]
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// Whether this is the default for feedback that never came: taken only while the decision has no reward, and else a duplicate. It is no feedback: it has no
    /// key, and it is not counted.
    /// </summary>
    [Id(4)]
    public bool IsDefault { get; init; }

    /// <summary>A short word of the client's, kept with the event; null for none.</summary>
    [Id(5)]
    public string? Label { get; init; }

    /// <summary>A free remark of the client's, kept with the event and never logged; null for none.</summary>
    [Id(6)]
    public string? Comment { get; init; }

    /// <summary>Whether the client takes back what it has said of the decision, so that it has no reward. Where there is nothing to take back, it is a duplicate.</summary>
    [Id(7)]
    public bool IsWithdrawal { get; init; }

    /// <summary>Whether what becomes of it depends on what is in force.</summary>
    internal bool NeedsInForce => Verdicts is null && (IdempotencyKey is null || IsWithdrawal);

    /// <summary>How the call ended that the client made itself, with its cost; recorded before the reward in the same append, unless the call is settled. Null for nothing.</summary>
    [Id(8)]
    public Settlement? Settlement { get; init; }

    /// <summary>
    /// The verdicts that the reward is made of; null for a person's word. Taken only while nobody has said anything of the decision and no verdict is there, and else a duplicate. It has no
    /// key, label or comment and is not counted as feedback: a person's word that comes later replaces it.
    /// </summary>
    [Id(9)]
    public IReadOnlyList<JudgeVerdict>? Verdicts { get; init; }

    /// <summary>
    /// What the client knows of a call that it made itself; null for nothing. Whoever takes the post makes <see cref="Settlement"/> of it. It stays in that
    /// process: journals know nothing of it.
    /// </summary>
    [field: NonSerialized]
    public OutcomeReport? Outcome { get; init; }
}
