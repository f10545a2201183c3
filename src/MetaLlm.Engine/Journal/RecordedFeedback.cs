namespace MetaLlm.Engine.Journal;

/// <summary>What a journal keeps of feedback.</summary>
/// <param name="Sequence">Sequence of the event.</param>
/// <param name="Reward">The reward; null when it was taken back.</param>
/// <param name="Weight">How much the reward counts.</param>
/// <param name="Label">The client's word; null for none.</param>
/// <param name="Comment">The client's remark; null for none.</param>
public sealed record RecordedFeedback(long Sequence, double? Reward, double Weight, string? Label, string? Comment)
{
    /// <summary>Whether a submission says the same.</summary>
    internal bool Is(FeedbackSubmission submission) =>
        (submission.IsWithdrawal ? Reward is null : submission.Reward == Reward && submission.Weight == Weight)
        && StorableText.Clean(submission.Label) == Label
        && StorableText.Clean(submission.Comment) == Comment;
}
