using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision and what became of it.</summary>
public sealed record StoredDecision
{
    /// <summary>The decision.</summary>
    public required DecisionRecord Decision { get; init; }

    /// <summary>The arm that served the call.</summary>
    public required string ServedArm { get; init; }

    /// <summary>USD set aside for the call: by the decision, or by the last reroute.</summary>
    public double ReservedUsd { get; init; }

    /// <summary>How the call ended; null while it runs or when its end was never reported.</summary>
    public Settlement? Settlement { get; init; }

    /// <summary>The reward in force; null without feedback.</summary>
    public double? Reward { get; init; }

    /// <summary>How much that reward counts; 1 without feedback.</summary>
    public double RewardWeight { get; init; } = 1;

    /// <summary>Events recorded for it as feedback.</summary>
    public int FeedbackCount { get; init; }
}
