using System.Globalization;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

public sealed partial class JournalTransaction
{
    /// <summary>Appends feedback; duplicates and unknown decisions leave no trace.</summary>
    /// <remarks>
    /// <para>With a key: the same decision and key is a duplicate, whatever came between; with other content it is a conflict.</para>
    /// <para>
    /// Without a key: what says the same as the feedback in force (reward, weight, label, comment) is a duplicate, all else a correction. So up, down, up ends up, and a
    /// post that is sent again because its answer was lost changes nothing. A key derived from the content would take the third for the first. A key that counts the
    /// corrections as well would take the repeated post for news, which follows itself. Only one case needs a key to be told apart: a repetition that arrives
    /// after somebody else's correction looks like a correction of it.
    /// </para>
    /// <para>
    /// Several submissions of one call may be about one decision. Taken one by one, the earlier parts of a repeated call would look like corrections. So
    /// where the call has no new key, and what it would leave in force is in force, its parts without a key are duplicates.
    /// </para>
    /// <para>
    /// A default is a duplicate once the decision has a reward of any kind, or had one that was taken back: the client has spoken. A default is nobody's word, so that there
    /// is nothing to take back while it is in force.
    /// </para>
    /// <para>
    /// A verdict of judges is a duplicate once a person has said something of the decision, or judges have. A person's word replaces it as it would a reward of before; until then there is nothing to
    /// take back.
    /// </para>
    /// <para>A settlement that comes with feedback is recorded before it, unless the feedback is a conflict or the call is settled.</para>
    /// </remarks>
    /// <param name="tenant">The tenant.</param>
    /// <param name="submissions">The feedback.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>One receipt per submission, in order.</returns>
    public IReadOnlyList<FeedbackReceipt> Reward(string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        var head = FindHead(tenant);
        submissions = head is null ? submissions : Weighed(head, submissions);
        var repeated = head is not null && submissions.Any(submission => submission.NeedsInForce) ? FindRepeated(head, submissions) : null;
        var receipts = new FeedbackReceipt[submissions.Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            var submission = submissions[i];
            receipts[i] = head?.FindDecision(submission.DecisionId) is { } decision
                ? TakeOne(head, decision, submission, repeated?.Contains(decision) == true, at)
                : new FeedbackReceipt(submission.DecisionId, FeedbackStatus.UnknownDecision, null);
        }

        return receipts;
    }

    /// <summary>What a user says counts less where he has asked so much that others would hardly count beside.</summary>
    private static IReadOnlyList<FeedbackSubmission> Weighed(TenantHead head, IReadOnlyList<FeedbackSubmission> submissions)
    {
        FeedbackSubmission[]? weighed = null;
        for (var i = 0; i < submissions.Count; i++)
        {
            if (head.FindDecision(submissions[i].DecisionId) is { Facts.UserWeight: < 1 and var weight })
            {
                weighed ??= [.. submissions];
                weighed[i] = submissions[i] with { Weight = submissions[i].Weight * weight };
            }
        }

        return weighed ?? submissions;
    }

    /// <summary>Decisions about which a call repeats an earlier one: it has no new key, and what it would leave in force is in force.</summary>
    private static HashSet<DecisionState> FindRepeated(TenantHead head, IReadOnlyList<FeedbackSubmission> submissions)
    {
        HashSet<DecisionState> repeated = [], fresh = [];
        foreach (var submission in submissions)
        {
            if (submission.Verdicts is not null || head.FindDecision(submission.DecisionId) is not { InForce: { } inForce } decision)
            {
                continue;
            }

            if (submission.IdempotencyKey is not { } key)
            {
                _ = decision.Holds(submission) ? repeated.Add(decision) : repeated.Remove(decision);
            }
            else if (decision.FindFeedback(key) is not { } first)
            {
                // One that takes back leaves no key where there was nothing to take, so that its key says nothing.
                _ = !submission.IsWithdrawal ? fresh.Add(decision) : decision.Reward is null ? repeated.Add(decision) : repeated.Remove(decision);
            }
            else if (first.Sequence == inForce.Sequence && first.Is(submission))
            {
                repeated.Add(decision);
            }
        }

        repeated.ExceptWith(fresh);
        return repeated;
    }

    private FeedbackReceipt TakeOne(TenantHead head, DecisionState decision, FeedbackSubmission submission, bool isRepeated, DateTimeOffset at)
    {
        if (!submission.IsDefault && submission.IdempotencyKey is { } key && decision.FindFeedback(key) is { } first && !first.Is(submission))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Conflict, first.Sequence);
        }

        var settled = submission.Settlement is { CostUsd: { } cost } settlement ? Settle(head.Tenant, settlement, cost, at) : null;
        return RewardOne(head, decision, submission, isRepeated, at) with { Settled = settled };
    }

    private FeedbackReceipt RewardOne(TenantHead head, DecisionState decision, FeedbackSubmission submission, bool isRepeated, DateTimeOffset at)
    {
        if (submission.Verdicts is not null)
        {
            if (decision.FeedbackCount > 0 || decision.Verdicts is not null)
            {
                return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, decision.InForce?.Sequence);
            }
        }
        else if (submission.IsDefault)
        {
            if (decision.Reward is not null || decision.FeedbackCount > 0)
            {
                return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, null);
            }
        }
        else if (submission.IdempotencyKey is { } given)
        {
            if (decision.FindFeedback(given) is { } first)
            {
                return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, first.Sequence);
            }
        }
        else if (isRepeated || decision.Holds(submission))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, decision.InForce!.Sequence);
        }

        var withdrawn = submission.IsWithdrawal;
        if (withdrawn && (isRepeated || decision.Reward is null || decision.FeedbackCount == 0))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, decision.InForce?.Sequence);
        }

        if (decision.NeverRan && !withdrawn)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.NeverRan, null);
        }

        var rewarded = Record(head, new RewardedEvent
        {
            Sequence = head.LastSequence + 1,
            At = at,
            Decision = decision.Facts,
            Reward = withdrawn ? decision.Reward!.Value : submission.Reward,
            PreviousReward = decision.Reward,
            Weight = withdrawn ? decision.RewardWeight ?? 1 : submission.Weight,
            Defaulted = submission.IsDefault,
            PreviousWeight = decision.RewardWeight ?? 1,
            Withdrawn = withdrawn,
            IsVerdict = submission.Verdicts is not null,
            Verdicts = submission.Verdicts is { } verdicts ? JudgeVerdict.Encode(verdicts)
                : submission.IsDefault || withdrawn || decision.FeedbackCount > 0 ? null : decision.Verdicts,
        });
        decision.Rewarded(rewarded);
        if (!submission.IsDefault && submission.Verdicts is null)
        {
            var feedback = new RecordedFeedback(
                rewarded.Sequence, withdrawn ? null : rewarded.Reward, rewarded.Weight, StorableText.Clean(submission.Label), StorableText.Clean(submission.Comment));
            var key = submission.IdempotencyKey
                ?? string.Create(CultureInfo.InvariantCulture, $"{JournalArguments.OwnKeyPrefix}{rewarded.Sequence}");
            _feedback.Add(new FeedbackRow(head, decision.Facts.Ordinal, key, feedback));
            decision.Remember(key, feedback);
        }

        return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Accepted, rewarded.Sequence) { Recorded = rewarded };
    }
}
