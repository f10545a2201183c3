using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Evidence;

/// <summary>What came of an arm's answer to a query.</summary>
/// <param name="Reward">What it was worth, or what judges say of that, 0 to 1; NaN where that is not known.</param>
/// <param name="Usage">Its tokens.</param>
/// <param name="CostUsd">What it cost, USD.</param>
/// <param name="LatencySeconds">How long it took; NaN where not measured.</param>
public sealed record EvidenceOutcome(double Reward, TokenUsage Usage, double CostUsd, double LatencySeconds)
{
    /// <summary>Nothing is known of the answer.</summary>
    internal static EvidenceOutcome Unknown { get; } = new(double.NaN, default, double.NaN, double.NaN);
}
