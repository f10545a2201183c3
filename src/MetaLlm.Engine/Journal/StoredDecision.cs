using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision and what became of it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.stored-decision")]
public sealed record StoredDecision
{
    /// <summary>The decision.</summary>
    [Id(0)]
    public required DecisionRecord Decision { get; init; }

    /// <summary>The arm that served the call.</summary>
    [Id(1)]
    public required string ServedArm { get; init; }

    /// <summary>Predicted cost of the call, USD: by the decision, or by the last reroute.</summary>
    [Id(2)]
    public double ReservedUsd { get; init; }

    /// <summary>How the call ended; null while it runs or when its end was never reported.</summary>
    [Id(3)]
    public Settlement? Settlement { get; init; }

    /// <summary>The reward in force; null without feedback.</summary>
    [Id(4)]
    public double? Reward { get; init; }

    /// <summary>How much that reward counts; 1 without feedback.</summary>
    [Id(5)]
    public double RewardWeight { get; init; } = 1;

    /// <summary>Events recorded for it as feedback.</summary>
    [Id(6)]
    public int FeedbackCount { get; init; }

    /// <summary>USD that caps set aside for the call: by the decision, or by the last reroute. 0 in decisions from before bounds were recorded.</summary>
    [Id(7)]
    public double BoundUsd { get; init; }

    /// <summary>What judges said of the answer (<see cref="RewardedEvent.Verdicts"/>); null for nothing. The reward in force is theirs while there is no feedback.</summary>
    [Id(8)]
    public string? Verdicts { get; init; }
}
