namespace MetaLlm.Core.Bandits;

/// <summary>
/// Raises the probability of every feasible arm to a floor, whatever the policy's own rule is, so that a log says what other policies would have earned.
/// </summary>
internal static class ExplorationFloor
{
    /// <summary>Largest share of decisions that may be spread evenly.</summary>
    public const double Largest = 0.5;

    /// <summary>
    /// Gives every feasible arm a probability of at least <paramref name="share"/> / feasible arms. What arms dearer than the greedy one cost beyond it, times what is added to
    /// their probability, stays within what the policy's own exploration leaves of the decision's allowance. The others give in proportion to what they have above the floor.
    /// </summary>
    /// <param name="query">The query that the scores answer.</param>
    /// <param name="scores">The policy's scores; its propensities are changed, and stay exact.</param>
    /// <param name="share">Share of decisions, above 0 to <see cref="Largest"/>.</param>
    public static void Raise(in DecisionQuery query, DecisionScores scores, double share)
    {
        var feasible = Choice.Count(query.Feasible);
        if (feasible < 2)
        {
            return;
        }

        var (floor, allowance) = (share / feasible, Math.Max(0, query.ExplorationAllowanceUsd - Spent(scores)));
        var (added, spare) = (0.0, 0.0);
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            if (query.Feasible[a])
            {
                added += Missing(scores, a, floor, allowance, feasible);
                spare += Math.Max(0, scores.Propensity[a] - floor);
            }
        }

        if (!(added > 0))
        {
            return;
        }

        // Floors sum to less than 1, so that there is always more to give than is missing.
        var largest = scores.Greedy;
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            if (query.Feasible[a])
            {
                var above = Math.Max(0, scores.Propensity[a] - floor);
                scores.Propensity[a] += above > 0 ? -added * above / spare : Missing(scores, a, floor, allowance, feasible);
                largest = scores.Propensity[a] > scores.Propensity[largest] ? a : largest;
            }
        }

        Choice.Remainder(largest, scores);
    }

    private static double Extra(DecisionScores scores, int arm) => Math.Max(0, scores.CostUsd[arm] - scores.CostUsd[scores.Greedy]);

    private static double Spent(DecisionScores scores)
    {
        var spent = 0.0;
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            spent += scores.Propensity[a] > 0 ? scores.Propensity[a] * Extra(scores, a) : 0;
        }

        return spent;
    }

    private static double Missing(DecisionScores scores, int arm, double floor, double allowance, int feasible)
    {
        var missing = Math.Max(0, floor - scores.Propensity[arm]);
        var extra = Extra(scores, arm);
        return extra > 0 ? Math.Min(missing, allowance / ((feasible - 1) * extra)) : missing;
    }
}
