namespace MetaLlm.Core.Tenancy;

/// <summary>A caller's weights for one request; each multiplies the tenant's own trade-off.</summary>
/// <param name="Quality">Weight of quality; finite, above 0.</param>
/// <param name="Cost">Weight of money; finite, at least 0.</param>
/// <param name="Latency">Weight of time; finite, at least 0.</param>
[GenerateSerializer, Immutable, Alias("metallm.preference-weights")]
public readonly record struct PreferenceWeights(
    [property: Id(0)] double Quality,
    [property: Id(1)] double Cost,
    [property: Id(2)] double Latency)
{
    /// <summary>The tenant's trade-off as configured.</summary>
    public static PreferenceWeights Neutral => new(1, 1, 1);
}
