using System.Globalization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

public sealed partial class JournalTransaction
{
    /// <summary>Appends feedback; duplicates and unknown decisions leave no trace.</summary>
    /// <remarks>
    /// <para>With a key: the same decision and key is a duplicate, always, whatever came between.</para>
    /// <para>
    /// Without a key: a duplicate is what says the same as the feedback in force (reward, weight, label, comment). So a post that is sent again because its answer was
    /// lost changes nothing, and up, down, up ends up: the third differs from the second, which it corrects. No key derived from the content alone could tell the third
    /// from the first. One that numbers the corrections would have to know their number, and a repeated post, which comes after itself, would get another one. What no
    /// rule can tell apart without a key is a late repetition, after another client's correction, from a new correction; clients that mind send keys.
    /// </para>
    /// <para>
    /// Several submissions of one call may be about one decision. Where the last of them is in force already, all those without a key are duplicates: the whole
    /// call is a repetition, and taken one by one its earlier parts would look like corrections.
    /// </para>
    /// <para>A default is a duplicate once the decision has a reward of any kind.</para>
    /// </remarks>
    /// <param name="tenant">The tenant.</param>
    /// <param name="submissions">The feedback.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>One receipt per submission, in order.</returns>
    public IReadOnlyList<FeedbackReceipt> Reward(string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        var head = FindHead(tenant);
        var repeated = head is null ? null : FindRepeated(head, submissions);
        var receipts = new FeedbackReceipt[submissions.Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            var submission = submissions[i];
            receipts[i] = head?.FindDecision(submission.DecisionId) is { } decision
                ? RewardOne(head, decision, submission, repeated?.Contains(decision) == true, at)
                : new FeedbackReceipt(submission.DecisionId, FeedbackStatus.UnknownDecision, null);
        }

        return receipts;
    }

    /// <summary>Decisions about which the last submission is in force already.</summary>
    private static HashSet<DecisionState>? FindRepeated(TenantHead head, IReadOnlyList<FeedbackSubmission> submissions)
    {
        HashSet<DecisionState>? repeated = null;
        foreach (var submission in submissions)
        {
            if (head.FindDecision(submission.DecisionId) is { InForce: not null } decision)
            {
                if (decision.Holds(submission))
                {
                    (repeated ??= []).Add(decision);
                }
                else
                {
                    repeated?.Remove(decision);
                }
            }
        }

        return repeated;
    }

    private FeedbackReceipt RewardOne(TenantHead head, DecisionState decision, FeedbackSubmission submission, bool isRepeated, DateTimeOffset at)
    {
        if (submission.IsDefault)
        {
            if (decision.Reward is not null)
            {
                return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, null);
            }
        }
        else if (submission.IdempotencyKey is { } given)
        {
            if (decision.FindFeedback(given) is { } first)
            {
                return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, first);
            }
        }
        else if (isRepeated || decision.Holds(submission))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, decision.InForce!.Sequence);
        }

        var rewarded = Record(head, new RewardedEvent
        {
            Sequence = head.LastSequence + 1,
            At = at,
            Decision = decision.Facts,
            Reward = submission.Reward,
            PreviousReward = decision.Reward,
            Weight = submission.Weight,
            Defaulted = submission.IsDefault,
            PreviousWeight = decision.RewardWeight ?? 1,
        });
        decision.Rewarded(rewarded);
        if (!submission.IsDefault)
        {
            var feedback = new RecordedFeedback(rewarded.Sequence, StorableText.Clean(submission.Label), StorableText.Clean(submission.Comment));
            var key = submission.IdempotencyKey
                ?? string.Create(CultureInfo.InvariantCulture, $"{JournalArguments.OwnKeyPrefix}{rewarded.Sequence}");
            _feedback.Add(new FeedbackRow(head, decision.Facts.Ordinal, key, feedback));
            decision.Remember(key, feedback);
        }

        return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Accepted, rewarded.Sequence) { Recorded = rewarded };
    }
}
