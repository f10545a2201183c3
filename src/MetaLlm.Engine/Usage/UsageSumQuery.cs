namespace MetaLlm.Engine.Usage;

/// <summary>Which sums to read.</summary>
[GenerateSerializer, Immutable, Alias("metallm.usage-sum-query")]
public sealed record UsageSumQuery
{
    /// <summary>The tenant; null for all, each by itself.</summary>
    [Id(0)]
    public required string? Tenant { get; init; }

    /// <summary>The earliest time of a decision; it is taken down to its hour, UTC.</summary>
    [Id(1)]
    public required DateTimeOffset From { get; init; }

    /// <summary>The time before which decisions were made; it is taken up to the next hour, UTC.</summary>
    [Id(2)]
    public required DateTimeOffset To { get; init; }

    /// <summary>By what.</summary>
    [Id(3)]
    public UsageDimension By { get; init; } = UsageDimension.Model;

    /// <summary>How long a time each sum is over.</summary>
    [Id(4)]
    public UsageBucket Bucket { get; init; } = UsageBucket.Span;

    /// <summary>How long to wait at most until the sums are up to date, at least zero; null for as long as it takes.</summary>
    [Id(5)]
    public TimeSpan? Patience { get; init; }
}
