using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Postgres;

/// <summary>Appends events to a transaction and keeps what became of each decision in step with them.</summary>
internal static class EventAppend
{
    public static ConfiguredEvent Configure(
        JournalTransaction transaction, string tenant, TenantConfiguration configuration, byte[] encoded, DateTimeOffset at)
    {
        var head = transaction.GetHead(tenant);
        var configured = new ConfiguredEvent { Sequence = transaction.NextSequence(head), At = at, Configuration = configuration };
        transaction.Events.Add(head.TenantKey, configured, encoded);
        return configured;
    }

    public static WarmStartedEvent WarmStart(JournalTransaction transaction, string tenant, WarmStartSet set, byte[] encoded, DateTimeOffset at)
    {
        var head = transaction.GetHead(tenant);
        var started = new WarmStartedEvent
        {
            Sequence = transaction.NextSequence(head),
            At = at,
            Set = set,
            Digest = WarmStartCodec.Digest(encoded),
        };
        transaction.Events.Add(head.TenantKey, started, encoded);
        return started;
    }

    public static QuizzedEvent Quiz(JournalTransaction transaction, string tenant, QuizSet quiz, byte[] encoded, DateTimeOffset at)
    {
        var head = transaction.GetHead(tenant);
        var quizzed = new QuizzedEvent { Sequence = transaction.NextSequence(head), At = at, Quiz = quiz, Digest = QuizCodec.Digest(encoded) };
        transaction.Events.Add(head.TenantKey, quizzed, encoded);
        return quizzed;
    }

    public static ReroutedEvent? Reroute(JournalTransaction transaction, string tenant, Reroute reroute, DateTimeOffset at)
    {
        if (transaction.FindHead(tenant) is not { } head
            || head.FindDecision(reroute.DecisionId) is not { SettledSequence: null } decision)
        {
            return null;
        }

        var rerouted = new ReroutedEvent
        {
            Sequence = transaction.NextSequence(head),
            At = at,
            Decision = decision.Facts(),
            ToArm = reroute.ToArm,
            ReservedUsd = reroute.ReservedUsd,
            Reason = StorableText.Clean(reroute.Reason)!,
        };
        transaction.Events.Add(head.TenantKey, rerouted);
        decision.ServedArm = reroute.ToArm;
        decision.ReservedUsd = reroute.ReservedUsd;
        decision.Changed = true;
        return rerouted;
    }

    public static SettledEvent? Settle(
        JournalTransaction transaction, string tenant, Settlement settlement, double costUsd, DateTimeOffset at)
    {
        if (transaction.FindHead(tenant) is not { } head
            || head.FindDecision(settlement.DecisionId) is not { SettledSequence: null } decision)
        {
            return null;
        }

        var settled = new SettledEvent
        {
            Sequence = transaction.NextSequence(head),
            At = at,
            Decision = decision.Facts(),
            Outcome = settlement.Outcome,
            Usage = settlement.Usage,
            CostUsd = costUsd,
            LatencySeconds = settlement.LatencySeconds ?? double.NaN,
        };
        transaction.Events.Add(head.TenantKey, settled);
        decision.SettledSequence = settled.Sequence;
        decision.SettledUsd = costUsd;
        decision.Changed = true;
        return settled;
    }

    public static FeedbackReceipt Reward(JournalTransaction transaction, string tenant, FeedbackSubmission submission, DateTimeOffset at)
    {
        if (transaction.FindHead(tenant) is not { } head
            || head.FindDecision(submission.DecisionId) is not { } decision)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.UnknownDecision, null);
        }

        if (submission.IsDefault && decision.Reward is not null)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, null);
        }

        if (!submission.IsDefault && decision.Feedback.TryGetValue(submission.IdempotencyKey, out var first))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, first);
        }

        var rewarded = new RewardedEvent
        {
            Sequence = transaction.NextSequence(head),
            At = at,
            Decision = decision.Facts(),
            Reward = submission.Reward,
            PreviousReward = decision.Reward,
            Weight = submission.Weight,
            Defaulted = submission.IsDefault,
            PreviousWeight = decision.RewardWeight ?? 1,
        };
        transaction.Events.Add(head.TenantKey, rewarded);
        decision.Reward = submission.Reward;
        decision.RewardWeight = submission.Weight;
        if (!submission.IsDefault)
        {
            transaction.Feedback.Add(head.TenantKey, decision.Ordinal, submission, rewarded.Sequence);
            decision.Feedback.Add(submission.IdempotencyKey, rewarded.Sequence);
            decision.FeedbackCount++;
        }

        decision.Changed = true;
        return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Accepted, rewarded.Sequence) { Recorded = rewarded };
    }
}
