using MetaLlm.Core.Sharing;

namespace MetaLlm.Engine.SharedLearning;

/// <summary>All that a tenant has given to the pool, noise included. Nothing else of it is there.</summary>
[GenerateSerializer, Immutable, Alias("metallm.shared-contribution")]
public sealed record SharedContribution
{
    /// <summary>Ordinal of the last decision that was given, or never will be.</summary>
    [Id(0)]
    public required long Through { get; init; }

    /// <summary>Ordinal of the last decision that is given next.</summary>
    [Id(1)]
    public required long Next { get; init; }

    /// <summary>When it gave last, or agreed to give.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>How often it gave.</summary>
    [Id(3)]
    public int Releases { get; init; }

    /// <summary>The largest epsilon that it gave with: since each decision is given once, no decision shows further than that. 0 before the first.</summary>
    [Id(4)]
    public double Epsilon { get; init; }

    /// <summary>The sums, noise included.</summary>
    [Id(5)]
    public IReadOnlyList<SharedCell> Cells { get; init; } = [];
}
