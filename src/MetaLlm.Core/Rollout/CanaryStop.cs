namespace MetaLlm.Core.Rollout;

/// <summary>Why a canary was stopped.</summary>
public enum CanaryStop
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>Its calls fail more often than those of the other arms.</summary>
    Failures = 1,

    /// <summary>It earns less than the other arms.</summary>
    Reward = 2,
}
