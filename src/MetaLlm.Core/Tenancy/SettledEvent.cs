using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;

namespace MetaLlm.Core.Tenancy;

/// <summary>A call has ended: what was set aside is replaced by what it cost. At most one per decision.</summary>
public sealed record SettledEvent : TenantEvent
{
    /// <summary>The decision.</summary>
    public required DecisionFacts Decision { get; init; }

    /// <summary>How the call ended.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>Tokens as the provider counted them, or estimated when it did not say.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>What the call cost, USD, at the prices in force.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Seconds to the full answer; NaN when not measured.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Attempts before the one that ended the call, in order; each has its cost. They are charged besides <see cref="CostUsd"/>.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; init; } = [];

    /// <summary>The deployment of the arm that ended the call; null where it has one only. Nothing is learned from it.</summary>
    public string? Deployment { get; init; }

    /// <summary>What was made of the first answer before it left; null where nobody weighed it.</summary>
    public WeighedAnswer? Weighed { get; init; }
}
