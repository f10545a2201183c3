namespace MetaLlm.Core.Tenancy;

/// <summary>Where the reward of a decision without feedback comes from.</summary>
public enum MissingRewardMode
{
    /// <summary>It is configured: <see cref="MissingReward.Value"/>.</summary>
    Value = 0,

    /// <summary>It is predicted by a model of the rewards that came, while that model passes its check.</summary>
    Impute = 1,
}
