using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Bandits;

/// <summary>A query whose outcome is known for every arm; in a quiz, for the arm that was asked and perhaps for others.</summary>
/// <param name="Context">Context vector; the policy's dimension.</param>
/// <param name="InputTokens">Prompt tokens as a policy would estimate them before the call; at least 1.</param>
/// <param name="Rewards">Per arm, 0 to 1; in a quiz NaN where the outcome is not known.</param>
/// <param name="Usage">Per arm.</param>
/// <param name="CostUsd">Per arm.</param>
/// <param name="LatencySeconds">Per arm; NaN where not recorded.</param>
public sealed record WarmStartRow(
    float[] Context,
    double InputTokens,
    double[] Rewards,
    TokenUsage[] Usage,
    double[] CostUsd,
    double[] LatencySeconds)
{
    /// <summary>The context in the precision that models are fitted in.</summary>
    internal double[] WideContext() => Array.ConvertAll(Context, v => (double)v);
}
