namespace MetaLlm.Core.Bandits;

/// <summary>What every policy does with its predictions: score, find the best, spread probability.</summary>
internal static class Choice
{
    /// <summary>Score = quality weight * (q - what failures lose) - lambda * cost - latency weight * seconds for feasible arms; the best becomes greedy.</summary>
    public static void Score(in DecisionQuery query, DecisionScores scores, int arms)
    {
        for (var a = 0; a < arms; a++)
        {
            scores.Score[a] = query.Feasible[a]
                ? (query.QualityWeight * (scores.Quality[a] - scores.FailureLoss[a])) - (query.Lambda * scores.CostUsd[a]) - (query.LatencyWeight * scores.LatencySeconds[a])
                : double.NegativeInfinity;
        }

        scores.Greedy = Best(query.Feasible, scores.Score, scores.CostUsd, arms);
    }

    /// <summary>The feasible arm of the highest value; the cheaper one of equals, then the earlier one.</summary>
    public static int Best(ReadOnlySpan<bool> feasible, ReadOnlySpan<double> value, ReadOnlySpan<double> cost, int arms)
    {
        var best = -1;
        for (var a = 0; a < arms; a++)
        {
            if (feasible[a] && (best < 0 || value[a] > value[best] || (value[a] == value[best] && cost[a] < cost[best])))
            {
                best = a;
            }
        }

        return best;
    }

    /// <summary>All probability on one arm.</summary>
    public static void Certain(int arm, DecisionScores scores)
    {
        Array.Clear(scores.Propensity);
        scores.Propensity[arm] = 1;
    }

    /// <summary>Gives the named arm whatever the others leave, so that the sum is 1 to the last bit that matters.</summary>
    public static void Remainder(int arm, DecisionScores scores)
    {
        var others = 0.0;
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            others += a == arm ? 0 : scores.Propensity[a];
        }

        scores.Propensity[arm] = Math.Max(0, 1 - others);
    }

    /// <summary>How many arms are feasible.</summary>
    public static int Count(ReadOnlySpan<bool> feasible)
    {
        var count = 0;
        foreach (var f in feasible)
        {
            count += f ? 1 : 0;
        }

        return count;
    }
}
