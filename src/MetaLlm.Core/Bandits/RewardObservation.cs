namespace MetaLlm.Core.Bandits;

/// <summary>A reward for a past decision.</summary>
public readonly ref struct RewardObservation
{
    /// <summary>A first reward of full weight, unless set otherwise.</summary>
    public RewardObservation()
    {
    }

    /// <summary>Index of the arm that served the call.</summary>
    public required int Arm { get; init; }

    /// <summary>The context vector of the decision.</summary>
    public required ReadOnlySpan<float> Context { get; init; }

    /// <summary>The reward, 0 to 1.</summary>
    public required double Reward { get; init; }

    /// <summary>The reward that this one replaces, or NaN for a first reward.</summary>
    public required double PreviousReward { get; init; }

    /// <summary>How much the reward counts: above 0, at most 1; 0 takes the previous one back and puts nothing in its place. Always 1 for policies that do not weigh rewards.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>How much the reward counted that this one replaces.</summary>
    public double PreviousWeight { get; init; } = 1;

    /// <summary>What the call cost, USD, as far as known (settled, else reserved); policies whose reward contains cost use it.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Probability with which the arm had been chosen; 1 for pinned calls, and for calls that fell to the arm because another one failed: neither was explored.</summary>
    public required double Propensity { get; init; }
}
