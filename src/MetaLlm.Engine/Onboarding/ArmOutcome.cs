using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Onboarding;

/// <summary>How an arm did with a query.</summary>
/// <param name="Reward">How good the answer was, 0 to 1; NaN where nothing is known.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="CostUsd">What the call cost, USD, at least 0.</param>
/// <param name="LatencySeconds">Seconds to the full answer; NaN where not measured.</param>
public readonly record struct ArmOutcome(double Reward, TokenUsage Usage, double CostUsd, double LatencySeconds)
{
    /// <summary>Nothing is known of the arm's answer; its reward is NaN.</summary>
    public static ArmOutcome Unknown { get; } = new(double.NaN, default, 0, double.NaN);
}
