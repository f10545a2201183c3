using System.Numerics.Tensors;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Turns scores into probabilities. Arms that lack their first pulls share up to a fixed part of the decisions; beside that, a small
/// part epsilon goes to all arms, the more the smaller their gap, and an arm under probe gets its share. What an arm costs beyond the greedy one, times its probability, stays within
/// the exploration budget's allowance; the greedy arm has the rest.
/// </summary>
internal sealed class ExplorationRule(double epsilon, double gapScale, double spreadShare)
{
    public void Spread(in DecisionQuery query, DecisionScores scores, ReadOnlySpan<bool> untried, ReadOnlySpan<double> probe)
    {
        var greedy = scores.Greedy;
        Array.Clear(scores.Propensity);
        var lacking = 0;
        var weight = 0.0;
        var others = 0;
        for (var a = 0; a < untried.Length; a++)
        {
            if (!query.Feasible[a] || a == greedy)
            {
                continue;
            }

            others++;
            lacking += untried[a] ? 1 : 0;
            weight += Weight(scores, greedy, a);
        }

        for (var a = 0; a < untried.Length; a++)
        {
            if (!query.Feasible[a] || a == greedy)
            {
                continue;
            }

            var p = epsilon * Weight(scores, greedy, a) / Math.Max(1, weight);
            p = Math.Max(p, probe[a]);
            if (untried[a])
            {
                p = Math.Max(p, spreadShare / (lacking + 1));
            }

            var extra = scores.CostUsd[a] - scores.CostUsd[greedy];
            scores.Propensity[a] = extra > 0 ? Math.Min(p, query.ExplorationAllowanceUsd / (others * extra)) : p;
        }

        Bound(scores, greedy);
        Choice.Remainder(greedy, scores);
    }

    // Many claims together may ask for more than there is.
    private static void Bound(DecisionScores scores, int greedy)
    {
        var sum = TensorPrimitives.Sum<double>(scores.Propensity) - scores.Propensity[greedy];
        if (sum > 1)
        {
            TensorPrimitives.Divide(scores.Propensity, sum, scores.Propensity);
        }
    }

    // The square keeps exploration among arms that may well be the best one: there it costs next to nothing.
    private double Weight(DecisionScores scores, int greedy, int arm)
    {
        var gap = Math.Max(0, scores.Score[greedy] - scores.Score[arm]) / gapScale;
        return 1 / (1 + (gap * gap));
    }
}
