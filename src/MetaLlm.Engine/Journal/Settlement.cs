using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>How a call ended, as the caller saw it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.settlement")]
public sealed record Settlement
{
    /// <summary>The decision.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>How it ended.</summary>
    [Id(1)]
    public required CallOutcome Outcome { get; init; }

    /// <summary>Tokens as the provider counted them, or the caller's best estimate.</summary>
    [Id(2)]
    public required TokenUsage Usage { get; init; }

    /// <summary>What the call cost, USD; null to compute it from usage and the prices in force.</summary>
    [Id(3)]
    public double? CostUsd { get; init; }

    /// <summary>Seconds to the full answer; null when not measured.</summary>
    [Id(4)]
    public double? LatencySeconds { get; init; }

    /// <summary>Attempts before the one that ended the call, in order. They are charged besides <see cref="CostUsd"/>.</summary>
    [Id(5)]
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; init; } = [];

    /// <summary>The deployment of the arm that ended the call; null where it has one only.</summary>
    [Id(6)]
    public string? Deployment { get; init; }

    /// <summary>What was made of the first answer before it left (<see cref="Ports.ITenantEngine.ConsiderAsync"/>); null where nobody weighed it.</summary>
    [Id(7)]
    public WeighedAnswer? Weighed { get; init; }

    /// <summary>Whether the call and every attempt before it have their cost.</summary>
    public bool IsPriced => CostUsd is not null && FailedAttempts.All(attempt => attempt.CostUsd is not null);
}
