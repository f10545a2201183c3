using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Evaluation.Log;

/// <summary>Events of decisions that went out of the journal, as far as the archive tells: the end of the call, and the reward in force at the place of the last feedback.</summary>
public static class ArchivedEvents
{
    /// <summary>The events of a decision, in order.</summary>
    /// <param name="archived">The decision.</param>
    public static IEnumerable<TenantEvent> Of(ArchivedDecision archived)
    {
        var (stored, at) = (archived.Stored, archived.Stored.Decision.At);
        var facts = DecisionFacts.Of(stored.Decision);
        if (stored.ServedArm != stored.Decision.ChosenArm)
        {
            yield return new ReroutedEvent
            {
                Sequence = archived.SettledSequence,
                At = at,
                Decision = facts,
                ToArm = stored.ServedArm,
                ReservedUsd = stored.ReservedUsd,
                BoundUsd = stored.BoundUsd,
                Reason = "",
            };
        }

        facts = facts with { ServedArm = stored.ServedArm, ReservedUsd = stored.ReservedUsd, BoundUsd = stored.BoundUsd };
        if (stored.Settlement is { } settlement)
        {
            yield return new SettledEvent
            {
                Sequence = archived.SettledSequence,
                At = at,
                Decision = facts,
                Outcome = settlement.Outcome,
                Usage = settlement.Usage,
                CostUsd = settlement.CostUsd ?? 0,
                LatencySeconds = settlement.LatencySeconds ?? double.NaN,
                FailedAttempts = settlement.FailedAttempts,
                Weighed = settlement.Weighed,
            };
        }

        if (stored.Reward is { } reward)
        {
            yield return new RewardedEvent
            {
                Sequence = archived.RewardedSequence,
                At = at,
                Decision = facts with { SettledUsd = stored.Settlement?.CostUsd },
                Reward = reward,
                PreviousReward = null,
                Weight = stored.RewardWeight,
            };
        }
    }
}
