using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What a policy is shown of a reward: its weight where the policy weighs rewards, a draw by that weight where it does not.</summary>
public static class ThinnedReward
{
    /// <summary>Turns a rewarded event into what a policy observes.</summary>
    /// <param name="rewarded">The event; reward and weights within their ranges.</param>
    /// <param name="arm">Index of the arm that served the call, among the policy's arms.</param>
    /// <param name="policy">The policy that learns.</param>
    /// <param name="learner">The same, with what it has learned so far; asked for what stands in for a reward that is taken back.</param>
    /// <param name="seed">The tenant's seed, from which <see cref="RewardSampling"/> draws.</param>
    /// <param name="observation">The observation, which refers to the event's context; of no meaning when nothing is shown.</param>
    /// <returns>Whether the policy is shown anything.</returns>
    /// <remarks>
    /// A policy that weighs rewards is shown one that is taken back with weight 0. Others cannot forget: to them it becomes the mean of the arm's other rewards, which says nothing for or
    /// against the arm.
    /// </remarks>
    public static bool TryGet(RewardedEvent rewarded, int arm, PolicyDescriptor policy, IBanditPolicy learner, ulong seed, out RewardObservation observation)
    {
        ArgumentNullException.ThrowIfNull(rewarded);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(learner);
        var reward = rewarded.Reward;
        var (weight, previousWeight, previous) = (rewarded.Weight, rewarded.PreviousWeight, rewarded.PreviousReward ?? double.NaN);
        if (!policy.WeighsRewards)
        {
            if (!RewardSampling.IsShown(seed, rewarded.Decision.Ordinal, weight, previousWeight, ref previous))
            {
                observation = default;
                return false;
            }

            if (rewarded.Withdrawn)
            {
                if (double.IsNaN(previous))
                {
                    observation = default;
                    return false;
                }

                reward = MeanOfOthers(learner.Describe(arm), previous);
            }

            (weight, previousWeight) = (1, 1);
        }
        else if (rewarded.Withdrawn)
        {
            weight = 0;
        }

        observation = new RewardObservation
        {
            Arm = arm,
            Context = rewarded.Decision.Context,
            Reward = reward,
            PreviousReward = previous,
            Weight = weight,
            PreviousWeight = previousWeight,
            CostUsd = rewarded.Decision.SettledUsd ?? rewarded.Decision.ReservedUsd,
            Propensity = rewarded.Decision.Rerouted ? 1 : rewarded.Decision.Propensity,
        };
        return true;
    }

    // Without others nothing is known of the arm, and half is what says nothing.
    private static double MeanOfOthers(ArmStatistics arm, double reward) =>
        arm.Rewards > 1 && double.IsFinite(arm.MeanReward) ? Math.Clamp(((arm.MeanReward * arm.Rewards) - reward) / (arm.Rewards - 1), 0, 1) : 0.5;
}
