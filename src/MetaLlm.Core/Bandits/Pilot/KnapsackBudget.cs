using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Pilot;

/// <summary>
/// The online multiple-choice knapsack of Zhou, Chakrabarty and Lukose (2008), as PILOT uses it. The budget is dealt in bins of a fixed number of
/// calls; with z the used share of the bin, an arm may be chosen while it fits in what is left of the bin and its value / cost is at least
/// (UB e / LB)^z LB / e.
/// </summary>
/// <param name="binCalls">Calls of a bin, at least 1.</param>
internal sealed class KnapsackBudget(double binCalls)
{
    private const double LargestDebtBins = 20;

    private double _calls;
    private double _spent;
    private double _carried;

    /// <summary>The threshold on value per USD.</summary>
    /// <param name="used">z, the used share of the bin; at least 0.</param>
    /// <param name="lowest">LB, the lowest value per USD in play, above 0.</param>
    /// <param name="highest">UB, the highest.</param>
    public static double Threshold(double used, double lowest, double highest) =>
        Math.Pow(highest * Math.E / lowest, used) * lowest / Math.E;

    /// <summary>The feasible arm of the highest score among those that clear the threshold; the one of the highest value per USD when none does.</summary>
    public int Best(in DecisionQuery query, DecisionScores scores)
    {
        var bin = Math.Max(double.Epsilon, (binCalls * query.TargetUsdPerRequest) + _carried);
        var used = Math.Clamp(_spent / bin, 0, 1);
        var (lowest, highest) = (double.PositiveInfinity, 0.0);
        for (var a = 0; a < scores.Score.Length; a++)
        {
            if (query.Feasible[a])
            {
                lowest = Math.Min(lowest, Efficiency(scores, a));
                highest = Math.Max(highest, Efficiency(scores, a));
            }
        }

        var threshold = Threshold(used, lowest, highest);
        var best = -1;
        var efficient = -1;
        for (var a = 0; a < scores.Score.Length; a++)
        {
            if (!query.Feasible[a])
            {
                continue;
            }

            efficient = efficient < 0 || Efficiency(scores, a) > Efficiency(scores, efficient) ? a : efficient;
            if (scores.CostUsd[a] <= bin - _spent && Efficiency(scores, a) >= threshold && (best < 0 || Better(scores, a, best)))
            {
                best = a;
            }
        }

        return best >= 0 ? best : efficient;
    }

    /// <summary>Takes in what a call cost.</summary>
    public void Spend(double costUsd, double targetUsd)
    {
        if (!double.IsFinite(targetUsd))
        {
            _calls = _spent = _carried = 0;
            return;
        }

        _spent += costUsd;
        _calls++;
        if (_calls >= binCalls)
        {
            // Debt is paid back in full, but no accident locks the budget for ever; credit beyond one bin would be spent without a thought.
            var left = (binCalls * targetUsd) + _carried - _spent;
            _carried = Math.Clamp(left, -LargestDebtBins * binCalls * targetUsd, binCalls * targetUsd);
            _calls = _spent = 0;
        }
    }

    public void Write(StateWriter writer) => writer.Doubles([_calls, _spent, _carried]);

    public void Read(ref StateReader reader)
    {
        var values = new double[3];
        reader.Doubles(values);
        (_calls, _spent, _carried) = (values[0], values[1], values[2]);
    }

    private static double Efficiency(DecisionScores scores, int arm) =>
        Math.Max(1e-6, scores.Quality[arm]) / Math.Max(1e-15, scores.CostUsd[arm]);

    private static bool Better(DecisionScores scores, int arm, int best) =>
        scores.Score[arm] > scores.Score[best] || (scores.Score[arm] == scores.Score[best] && scores.CostUsd[arm] < scores.CostUsd[best]);
}
