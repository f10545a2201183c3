namespace MetaLlm.Core.Rollout;

/// <summary>How a canary does beside the other arms. Bounds hold at any time at once, each with a probability of a quarter of the canary's false stops of being wrong ever.</summary>
[GenerateSerializer, Immutable, Alias("metallm.canary-report")]
public sealed record CanaryReport
{
    /// <summary>The arm.</summary>
    [Id(0)]
    public required string Arm { get; init; }

    /// <summary>Share of the decisions that it is to get.</summary>
    [Id(1)]
    public required double Share { get; init; }

    /// <summary>Why it was stopped, and gets none any more.</summary>
    [Id(2)]
    public CanaryStop Stop { get; init; }

    /// <summary>When it was stopped; null while it is not.</summary>
    [Id(3)]
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Its calls.</summary>
    [Id(4)]
    public required CanarySide Canary { get; init; }

    /// <summary>Those of the other arms since it began.</summary>
    [Id(5)]
    public required CanarySide Others { get; init; }
}
