using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>A query whose outcome is known for every arm, in the order of the configuration's arms.</summary>
/// <param name="Features">The query.</param>
/// <param name="Rewards">Per arm, 0 to 1.</param>
/// <param name="Usage">Per arm; tokens need not be whole numbers.</param>
/// <param name="CostUsd">Per arm, USD.</param>
/// <param name="LatencySeconds">Per arm; NaN where not recorded.</param>
[GenerateSerializer, Immutable, Alias("metallm.warm-start-query")]
public sealed record WarmStartQuery(
    [property: Id(0)] QueryFeatures Features,
    [property: Id(1)] double[] Rewards,
    [property: Id(2)] TokenUsage[] Usage,
    [property: Id(3)] double[] CostUsd,
    [property: Id(4)] double[] LatencySeconds);
