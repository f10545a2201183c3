using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Log;

namespace MetaLlm.Evaluation;

/// <summary>What a log says of one policy.</summary>
public sealed record OffPolicyReport
{
    /// <summary>The policy.</summary>
    public required string Target { get; init; }

    /// <summary>Which decisions were used, and why others were not.</summary>
    public required LogUse Log { get; init; }

    /// <summary>Mean reward of what the log's own policy did in the decisions used.</summary>
    public required double LoggedReward { get; init; }

    /// <summary>Mean cost of that, USD per request; null when none of the decisions is settled.</summary>
    public required double? LoggedCost { get; init; }

    /// <summary>How well the log supports the policy.</summary>
    public required WeightDiagnostics Weights { get; init; }

    /// <summary>Whether the log carries estimates at all.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>
    /// The headline: ends of the anytime-valid 95 % interval of the mean reward. It holds on every log; what the log does not tell makes it wide, up to 0 to 1.
    /// </summary>
    public required double[] RewardInterval { get; init; }

    /// <summary>Estimates of the mean reward; empty when the evidence does not carry them.</summary>
    public required IReadOnlyList<OffPolicyEstimate> Reward { get; init; }

    /// <summary>Estimates of the mean cost, USD per request, from the settled ones; empty when fewer than 30 are settled, or the evidence does not carry them.</summary>
    public required IReadOnlyList<OffPolicyEstimate> Cost { get; init; }

    /// <summary>What to mind when reading the estimates.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
