using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What a policy is shown of a reward: its weight where the policy weighs rewards, a draw by that weight where it does not.</summary>
public static class ThinnedReward
{
    /// <summary>Turns a rewarded event into what a policy observes.</summary>
    /// <param name="rewarded">The event; reward and weights within their ranges.</param>
    /// <param name="arm">Index of the arm that served the call, among the policy's arms.</param>
    /// <param name="policy">The policy that learns.</param>
    /// <param name="seed">The tenant's seed, from which <see cref="RewardSampling"/> draws.</param>
    /// <param name="observation">The observation, which refers to the event's context; of no meaning when nothing is shown.</param>
    /// <returns>Whether the policy is shown anything.</returns>
    public static bool TryGet(RewardedEvent rewarded, int arm, PolicyDescriptor policy, ulong seed, out RewardObservation observation)
    {
        ArgumentNullException.ThrowIfNull(rewarded);
        ArgumentNullException.ThrowIfNull(policy);
        var (weight, previousWeight, previous) = (rewarded.Weight, rewarded.PreviousWeight, rewarded.PreviousReward ?? double.NaN);
        if (!policy.WeighsRewards)
        {
            if (!RewardSampling.IsShown(seed, rewarded.Decision.Ordinal, weight, previousWeight, ref previous))
            {
                observation = default;
                return false;
            }

            (weight, previousWeight) = (1, 1);
        }

        observation = new RewardObservation
        {
            Arm = arm,
            Context = rewarded.Decision.Context,
            Reward = rewarded.Reward,
            PreviousReward = previous,
            Weight = weight,
            PreviousWeight = previousWeight,
            CostUsd = rewarded.Decision.SettledUsd ?? rewarded.Decision.ReservedUsd,
            Propensity = rewarded.Decision.Propensity,
        };
        return true;
    }
}
