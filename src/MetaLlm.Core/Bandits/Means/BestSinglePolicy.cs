namespace MetaLlm.Core.Bandits.Means;

/// <summary>One arm for everything: the best mean reward among arms whose mean cost fits the budget; the cheapest when none fits.</summary>
internal sealed class BestSinglePolicy(PolicySetup setup) : MeansPolicy(setup)
{
    public static PolicyDescriptor Descriptor { get; } = new(
        "best-single", 1, "The single arm of the best mean reward that fits the budget.", [FirstPulls], setup => new BestSinglePolicy(setup));

    protected override void Commit(in DecisionQuery query, DecisionScores scores)
    {
        var budgeted = double.IsFinite(query.TargetUsdPerRequest);
        var best = -1;
        var cheapest = -1;
        for (var a = 0; a < Arms.Length; a++)
        {
            if (!query.Feasible[a])
            {
                continue;
            }

            // Under a budget the mean cost decides what fits; the shadow price would count it twice.
            scores.Score[a] = (query.QualityWeight * MeanReward(a)) - (budgeted ? 0 : query.Lambda * MeanCost(a));
            cheapest = cheapest < 0 || MeanCost(a) < MeanCost(cheapest) ? a : cheapest;
            if (MeanCost(a) <= query.TargetUsdPerRequest && (best < 0 || scores.Score[a] > scores.Score[best]))
            {
                best = a;
            }
        }

        scores.Greedy = best >= 0 ? best : cheapest;
        Choice.Certain(scores.Greedy, scores);
    }
}
