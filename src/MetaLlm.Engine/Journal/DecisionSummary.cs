using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision in one line of a list.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision-summary")]
public sealed record DecisionSummary
{
    /// <summary>Its id.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>Its ordinal with its owner.</summary>
    [Id(1)]
    public required long Ordinal { get; init; }

    /// <summary>When it was made.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's task tag; null for none, and where tags were not wanted.</summary>
    [Id(3)]
    public string? Task { get; init; }

    /// <summary>The chosen arm.</summary>
    [Id(4)]
    public required string ChosenArm { get; init; }

    /// <summary>The arm that served the call.</summary>
    [Id(5)]
    public required string ServedArm { get; init; }

    /// <summary>Whether the caller named the arm.</summary>
    [Id(6)]
    public bool Pinned { get; init; }

    /// <summary>Probability with which the arm was chosen.</summary>
    [Id(7)]
    public double Propensity { get; init; }

    /// <summary>How the call ended; null while it runs.</summary>
    [Id(8)]
    public CallOutcome? Outcome { get; init; }

    /// <summary>What the call cost, USD, without failed attempts; null while it runs.</summary>
    [Id(9)]
    public double? CostUsd { get; init; }

    /// <summary>Seconds that it took; null where they were not measured.</summary>
    [Id(10)]
    public double? LatencySeconds { get; init; }

    /// <summary>The reward in force; null without one.</summary>
    [Id(11)]
    public double? Reward { get; init; }

    /// <summary>Events recorded for it as feedback; 0 where a default stands in.</summary>
    [Id(12)]
    public int FeedbackCount { get; init; }
}
