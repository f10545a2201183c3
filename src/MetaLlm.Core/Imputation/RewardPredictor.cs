using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Imputation;

/// <summary>A tenant's reward model as it was at one moment. Never changes; safe for concurrent use.</summary>
public sealed class RewardPredictor
{
    private readonly double[] _coefficients;
    private readonly Dictionary<string, CallScales> _scales;

    internal RewardPredictor(double[] coefficients, Dictionary<string, CallScales> scales)
    {
        _coefficients = coefficients;
        _scales = scales;
    }

    /// <summary>The reward to expect of a completed call.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="servedArm">The arm that served it.</param>
    /// <param name="outputTokens">Tokens of the answer; 0 when not counted.</param>
    /// <param name="latencySeconds">Seconds to the full answer; NaN when not measured.</param>
    /// <returns>0 to 1; null when the arm is gone, or the policy had predicted no quality of it.</returns>
    public double? Predict(DecisionRecord decision, string servedArm, double outputTokens, double latencySeconds)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(servedArm);
        var quality = decision.Arms.FirstOrDefault(a => a.ArmId == servedArm)?.Quality ?? double.NaN;
        if (!double.IsFinite(quality) || !_scales.TryGetValue(servedArm, out var scales))
        {
            return null;
        }

        var (tokens, latency) = scales.Score(outputTokens, latencySeconds);
        return RewardModel.Predict(_coefficients, quality, tokens, latency);
    }
}
