using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.TrackAndStop;

/// <summary>
/// Best-arm identification (Garivier and Kaufmann 2016; TensorZero's experimentation): samples arms in the proportions that tell the best
/// one apart soonest, and stops when it is known with the confidence asked for. The proportions are used as probabilities rather than
/// tracked, so every choice has a propensity. Whether it has stopped is computed anew for each query: new rewards or prices may resume it.
/// </summary>
internal sealed class TrackAndStopPolicy(PolicySetup setup) : PricedPolicy(setup)
{
    private const double PriorRewards = 4;
    private const double PriorVariance = 0.05;

    private readonly double _delta = setup.Options["delta"];
    private readonly double _tolerance = setup.Options["tolerance"];
    private readonly double _firstPulls = setup.Options["firstPulls"];
    private readonly double _forced = setup.Options["forced"];
    private double[] _sum = [];
    private double[] _squares = [];
    private double[] _count = [];
    private double[] _share = [];

    public static PolicyDescriptor Descriptor { get; } = new(
        "track-and-stop",
        1,
        "Identifies the best arm with optimal sampling proportions, then stops; ignores the query (Garivier and Kaufmann 2016).",
        [
            new("delta", 0.05, 1e-9, 0.5, "Probability of stopping at a wrong arm that is accepted."),
            new("tolerance", 0.01, 1e-6, 1, "Score by which an arm may fall short of the best and still be called best."),
            new("firstPulls", 10, 1, 100000, "Pulls that every arm gets first; warm-start rows count."),
            new("forced", 0.1, 0, 1, "Share of decisions given, until it stops, to arms with fewer than sqrt(t) - K / 2 pulls."),
        ],
        setup => new TrackAndStopPolicy(setup));

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        var deviationOfOne = Math.Sqrt(Variance());
        for (var a = 0; a < _count.Length; a++)
        {
            quality[a] = _count[a] > 0 ? _sum[a] / _count[a] : 0.5;
            deviation[a] = deviationOfOne / Math.Sqrt(Math.Max(1, _count[a]));
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores)
    {
        Array.Clear(scores.Propensity);
        if (SpreadFirstPulls(query, scores))
        {
            return;
        }

        var variance = Math.Max(1e-9, query.QualityWeight * query.QualityWeight * Variance());
        if (Choice.Count(query.Feasible) == 1 || Stopped(query, scores, variance))
        {
            Choice.Certain(scores.Greedy, scores);
            return;
        }

        SamplingProportions.Solve(query.Feasible, scores.Score, scores.Greedy, _tolerance, _share);
        Force(query.Feasible);
        for (var a = 0; a < _share.Length; a++)
        {
            scores.Propensity[a] = _share[a];
        }

        Choice.Remainder(scores.Greedy, scores);
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = observation.Arm;
        var first = double.IsNaN(observation.PreviousReward);
        var previous = first ? 0 : observation.PreviousReward;
        _count[arm] += first ? 1 : 0;
        _sum[arm] += observation.Reward - previous;
        _squares[arm] += (observation.Reward * observation.Reward) - (previous * previous);
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var (sum, squares, count) = (new double[previous.Length], new double[previous.Length], new double[previous.Length]);
        for (var a = 0; a < previous.Length; a++)
        {
            if (previous[a] >= 0)
            {
                (sum[a], squares[a], count[a]) = (_sum[previous[a]], _squares[previous[a]], _count[previous[a]]);
            }
        }

        (_sum, _squares, _count, _share) = (sum, squares, count, new double[previous.Length]);
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        foreach (var row in rows)
        {
            for (var a = 0; a < _count.Length; a++)
            {
                _count[a]++;
                _sum[a] += row.Rewards[a];
                _squares[a] += row.Rewards[a] * row.Rewards[a];
            }
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        writer.Doubles(_count);
        writer.Doubles(_sum);
        writer.Doubles(_squares);
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        reader.Doubles(_count.AsSpan());
        reader.Doubles(_sum.AsSpan());
        reader.Doubles(_squares.AsSpan());
    }

    // Of a single reward around its arm's mean, pooled over arms; a few rewards' worth of a prior keeps it off 0 at first.
    private double Variance()
    {
        var (squares, count) = (PriorRewards * PriorVariance, PriorRewards);
        for (var a = 0; a < _count.Length; a++)
        {
            if (_count[a] > 0)
            {
                squares += Math.Max(0, _squares[a] - (_sum[a] * _sum[a] / _count[a]));
                count += _count[a] - 1;
            }
        }

        return squares / count;
    }

    // Choices whose reward is still on its way count too: otherwise delay would make first pulls endless.
    private double Experience(int arm) => Math.Max(_count[arm], Counters[arm].Pulls);

    // Arms with fewer than sqrt(t) - K / 2 rewards share a fixed part of the decisions, so that no early accident hides an arm for good.
    private void Force(ReadOnlySpan<bool> feasible)
    {
        var (total, arms) = (0.0, 0);
        for (var a = 0; a < _count.Length; a++)
        {
            total += feasible[a] ? Experience(a) : 0;
            arms += feasible[a] ? 1 : 0;
        }

        var wanted = Math.Sqrt(total) - (arms / 2.0);
        var lacking = 0;
        for (var a = 0; a < _count.Length; a++)
        {
            lacking += feasible[a] && Experience(a) < wanted ? 1 : 0;
        }

        for (var a = 0; a < _count.Length && lacking > 0; a++)
        {
            _share[a] = ((1 - _forced) * _share[a]) + (feasible[a] && Experience(a) < wanted ? _forced / lacking : 0);
        }
    }

    private bool SpreadFirstPulls(in DecisionQuery query, DecisionScores scores)
    {
        var lacking = 0;
        for (var a = 0; a < _count.Length; a++)
        {
            lacking += query.Feasible[a] && Experience(a) < _firstPulls ? 1 : 0;
        }

        for (var a = 0; a < _count.Length && lacking > 0; a++)
        {
            scores.Propensity[a] = query.Feasible[a] && Experience(a) < _firstPulls ? 1.0 / lacking : 0;
        }

        return lacking > 0;
    }

    // Generalised likelihood ratio of "best is best up to the tolerance" against every rival (Garivier and Kaufmann 2016, section 3.2).
    private bool Stopped(in DecisionQuery query, DecisionScores scores, double variance)
    {
        var (best, total, smallest) = (scores.Greedy, 0.0, double.PositiveInfinity);
        for (var a = 0; a < _count.Length; a++)
        {
            total += _count[a];
            if (query.Feasible[a] && a != best)
            {
                var gap = scores.Score[best] - scores.Score[a] + _tolerance;
                var weight = _count[best] * _count[a] / Math.Max(1, _count[best] + _count[a]);
                smallest = Math.Min(smallest, weight * gap * gap / (2 * variance));
            }
        }

        return smallest > Math.Log((1 + Math.Log(Math.Max(1, total))) / _delta);
    }
}
