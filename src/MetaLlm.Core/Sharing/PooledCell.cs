namespace MetaLlm.Core.Sharing;

/// <summary>What several tenants gave of one model on one topic.</summary>
/// <param name="Model">What the model is known by among tenants.</param>
/// <param name="Topic">The topic; empty for requests of no topic that is pooled.</param>
/// <param name="Good">Sum of rewards, with noise: it may be below 0.</param>
/// <param name="Count">Number of rewards, with noise.</param>
/// <param name="Variance">Variance of the noise in the sum of rewards, and in that of what they lack to 1.</param>
/// <param name="Tenants">How many tenants gave.</param>
[GenerateSerializer, Immutable, Alias("metallm.pooled-cell")]
public sealed record PooledCell(
    [property: Id(0)] string Model,
    [property: Id(1)] string Topic,
    [property: Id(2)] double Good,
    [property: Id(3)] double Count,
    [property: Id(4)] double Variance,
    [property: Id(5)] int Tenants)
{
    /// <summary>The mean reward; one half where nothing can be read of the sums.</summary>
    public double Mean => Count > 0 ? Math.Clamp(Good / Count, 0, 1) : 0.5;

    /// <summary>
    /// How many rewards without noise would tell as much of the mean: n / (1 + 4 v / n), v = V ((1 - m)^2 + m^2), since n rewards tell it to 1 / 4n and the noise adds v / n^2.
    /// </summary>
    public double Worth => Count > 0 ? Count / (1 + (4 * Variance * (((1 - Mean) * (1 - Mean)) + (Mean * Mean)) / Count)) : 0;
}
