namespace MetaLlm.Core.Bandits;

/// <summary>
/// Epsilon-greedy choice under an exploration budget: every feasible arm gets the same small probability, but what more expensive arms cost beyond the
/// greedy one, times their probability, stays within the allowance of the decision.
/// </summary>
internal static class GatedExploration
{
    /// <summary>Option that the policies of this kind share.</summary>
    public static PolicyOption Epsilon(double byDefault) =>
        new("epsilon", byDefault, 0, 1, "Share of decisions spread evenly over all feasible arms, as far as the exploration exploration budget allows.");

    /// <summary>Sets exact propensities around the greedy arm.</summary>
    public static void Spread(in DecisionQuery query, DecisionScores scores, double epsilon)
    {
        var feasible = Choice.Count(query.Feasible);
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            scores.Propensity[a] = 0;
            if (query.Feasible[a] && a != scores.Greedy)
            {
                var p = epsilon / feasible;
                var extra = scores.CostUsd[a] - scores.CostUsd[scores.Greedy];
                scores.Propensity[a] = extra > 0 ? Math.Min(p, query.ExplorationAllowanceUsd / ((feasible - 1) * extra)) : p;
            }
        }

        Choice.Remainder(scores.Greedy, scores);
    }
}
