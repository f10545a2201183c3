namespace MetaLlm.Core.Bandits;

/// <summary>Choice in proportion to the exponential of the score (Boltzmann).</summary>
internal static class SoftMaximum
{
    /// <summary>p_a proportional to exp(score_a / temperature) over the feasible arms; the greedy arm has the remainder.</summary>
    /// <param name="feasible">Which arms may be chosen.</param>
    /// <param name="scores">Scores and the greedy arm; receives propensities.</param>
    /// <param name="temperature">In units of the score, above 0.</param>
    public static void Spread(ReadOnlySpan<bool> feasible, DecisionScores scores, double temperature)
    {
        var best = scores.Score[scores.Greedy];
        var total = 0.0;
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            scores.Propensity[a] = feasible[a] ? Math.Exp((scores.Score[a] - best) / temperature) : 0;
            total += scores.Propensity[a];
        }

        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            scores.Propensity[a] /= total;
        }

        Choice.Remainder(scores.Greedy, scores);
    }
}
