using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// Weights for policies that know none (<see cref="PolicyDescriptor.WeighsRewards"/>): a reward of weight w is shown with probability w and then counts in full, which in
/// expectation is the same. The draw is a function of the tenant's seed and the decision's number, so that corrections and replays meet the same one.
/// </summary>
internal static class RewardSampling
{
    // Keeps these draws apart from those that choose arms.
    private const ulong Stream = 0x57E1_6875_7765_6967;

    /// <summary>Decides whether a reward is shown.</summary>
    /// <param name="seed">The tenant's seed.</param>
    /// <param name="ordinal">The decision's ordinal.</param>
    /// <param name="weight">The reward's weight, above 0 and at most 1.</param>
    /// <param name="previousWeight">Weight of the reward that it replaces.</param>
    /// <param name="previous">The reward that it replaces, NaN for none; becomes NaN when that one was not shown.</param>
    /// <returns>Whether it is. What was shown once stays, and is corrected whatever the new weight.</returns>
    public static bool IsShown(ulong seed, long ordinal, double weight, double previousWeight, ref double previous)
    {
        var draw = CounterRandom.Uniform(seed ^ Stream, (ulong)ordinal);
        if (double.IsNaN(previous) || draw >= previousWeight)
        {
            previous = double.NaN;
            return draw < weight;
        }

        return true;
    }
}
