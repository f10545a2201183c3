namespace MetaLlm.Core.Bandits.Means;

/// <summary>
/// The best random mix of fixed arms: two neighbours on the upper hull of (mean cost, mean reward), in the proportion that spends
/// the target. Whatever a router earns above it, it earns by looking at the query.
/// </summary>
internal sealed class StaticMixPolicy(PolicySetup setup) : MeansPolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "static-mix", 1, "Mixes two arms on the cost-reward hull so that the mean cost meets the budget.", [FirstPulls], setup => new StaticMixPolicy(setup));

    protected override void Commit(in DecisionQuery query, DecisionScores scores)
    {
        if (!double.IsFinite(query.TargetUsdPerRequest))
        {
            Score(query, scores, query.Lambda);
            Choice.Certain(scores.Greedy, scores);
            return;
        }

        var (low, high) = Neighbours(query);
        scores.Greedy = low;
        Choice.Certain(low, scores);
        if (high != low)
        {
            var share = Math.Clamp((query.TargetUsdPerRequest - MeanCost(low)) / (MeanCost(high) - MeanCost(low)), 0, 1);
            scores.Propensity[high] = share;
            scores.Propensity[low] = 1 - share;
            scores.Greedy = share > 0.5 ? high : low;
        }
    }

    private void Score(in DecisionQuery query, DecisionScores scores, double lambda)
    {
        for (var a = 0; a < Arms.Length; a++)
        {
            scores.Score[a] = query.Feasible[a] ? (query.QualityWeight * MeanReward(a)) - (lambda * MeanCost(a)) : double.NegativeInfinity;
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, Arms.Length);
    }

    // Walks the hull from its cheapest point: the next corner is the arm of the steepest gain per USD.
    private (int Low, int High) Neighbours(in DecisionQuery query)
    {
        var low = -1;
        for (var a = 0; a < Arms.Length; a++)
        {
            if (query.Feasible[a] && (low < 0 || MeanCost(a) < MeanCost(low) || (MeanCost(a) == MeanCost(low) && MeanReward(a) > MeanReward(low))))
            {
                low = a;
            }
        }

        while (true)
        {
            var next = -1;
            var steepest = 0.0;
            for (var a = 0; a < Arms.Length; a++)
            {
                if (!query.Feasible[a] || MeanCost(a) <= MeanCost(low))
                {
                    continue;
                }

                var slope = (MeanReward(a) - MeanReward(low)) / (MeanCost(a) - MeanCost(low));
                if (slope > steepest)
                {
                    (next, steepest) = (a, slope);
                }
            }

            if (next < 0 || MeanCost(low) >= query.TargetUsdPerRequest)
            {
                return (low, low);
            }

            if (MeanCost(next) >= query.TargetUsdPerRequest)
            {
                return (low, next);
            }

            low = next;
        }
    }
}
