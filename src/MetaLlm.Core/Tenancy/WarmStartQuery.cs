using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>A query whose outcome is known for every arm, in the order of the configuration's arms.</summary>
/// <param name="Features">The query.</param>
/// <param name="Rewards">Per arm, 0 to 1.</param>
/// <param name="Usage">Per arm; tokens need not be whole numbers.</param>
/// <param name="CostUsd">Per arm, USD.</param>
/// <param name="LatencySeconds">Per arm; NaN where not recorded.</param>
public sealed record WarmStartQuery(
    QueryFeatures Features,
    double[] Rewards,
    TokenUsage[] Usage,
    double[] CostUsd,
    double[] LatencySeconds);
