using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Clusters;

/// <summary>
/// Avengers-Pro's router: queries fall into clusters, every arm has a mean reward in each, and the clusters nearest to a query vote with
/// softmax weights. The trade of performance against efficiency is the shadow price, linear in dollars.
/// </summary>
internal sealed class KMeansPolicy : PricedPolicy
{
    private const double PriorQuality = 0.5;
    private const double LargestDeviation = 0.5;

    private readonly int _clusters;
    private readonly int _voters;
    private readonly double _sharpness;
    private readonly double _shrink;
    private readonly double _epsilon;
    private readonly ContextVector _vector;
    private readonly ClusterMap _map;
    private readonly double[] _weight;
    private double[][] _sum = [];
    private double[][] _count = [];
    private double[] _totalSum = [];
    private double[] _totalCount = [];

    private KMeansPolicy(PolicySetup setup)
        : base(setup)
    {
        _clusters = (int)Option("clusters");
        _voters = (int)Option("voters");
        _sharpness = Option("sharpness");
        _shrink = Option("shrink");
        _epsilon = Option("epsilon");
        Alpha = Option("alpha");
        _vector = new ContextVector(setup, Option("embeddingOnly") >= 0.5);
        _map = new ClusterMap(_vector.Dimension, _clusters);
        _weight = new double[_clusters];
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "kmeans",
        1,
        "Mean reward per cluster of queries and arm, nearest clusters vote, epsilon-greedy (Avengers-Pro).",
        [
            new("clusters", 32, 1, 256, "Clusters; whole. A warm start of n rows gets at most n / 20."),
            new("voters", 4, 1, 256, "Nearest clusters that vote on a query; whole."),
            new("sharpness", 9, 0, 1000, "Votes are weighted by exp(sharpness * cosine)."),
            new("shrink", 10, 1e-3, 1e4, "Rewards' worth of an arm's overall mean in each cluster."),
            new("embeddingOnly", 0, 0, 1, "1: clusters in the embedding alone; 0: in all of the context."),
            new("alpha", 0.5, 0, 100, "Bonus in deviations of the prediction; it evens out once every arm has been tried often."),
            GatedExploration.Epsilon(0.03),
        ],
        setup => new KMeansPolicy(setup));

    protected override double Alpha { get; }

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        Vote(_vector.Of(x));
        for (var a = 0; a < _sum.Length; a++)
        {
            var mean = (_totalSum[a] + PriorQuality) / (_totalCount[a] + 1);
            var (q, seen, total) = (0.0, 0.0, 0.0);
            for (var c = 0; c < _map.Count; c++)
            {
                if (_weight[c] > 0)
                {
                    q += _weight[c] * (_sum[a][c] + (_shrink * mean)) / (_count[a][c] + _shrink);
                    seen += _weight[c] * _count[a][c];
                    total += _weight[c];
                }
            }

            quality[a] = total > 0 ? q / total : mean;
            deviation[a] = LargestDeviation / Math.Sqrt(1 + (total > 0 ? seen / total : 0));
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => GatedExploration.Spread(query, scores, _epsilon);

    protected override void OnCalled(in SettledObservation observation, ReadOnlySpan<double> x) => _map.Observe(_vector.Of(x));

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var first = double.IsNaN(observation.PreviousReward);
        Count(observation.Arm, _map.Nearest(_vector.Of(x)), observation.Reward - (first ? 0 : observation.PreviousReward), first ? 1 : 0);
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var (sum, count) = (new double[previous.Length][], new double[previous.Length][]);
        var (totalSum, totalCount) = (new double[previous.Length], new double[previous.Length]);
        for (var a = 0; a < previous.Length; a++)
        {
            var old = previous[a];
            (sum[a], count[a]) = old >= 0 ? (_sum[old], _count[old]) : (new double[_clusters], new double[_clusters]);
            (totalSum[a], totalCount[a]) = old >= 0 ? (_totalSum[old], _totalCount[old]) : (0, 0);
        }

        (_sum, _count, _totalSum, _totalCount) = (sum, count, totalSum, totalCount);
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        var vectors = Array.ConvertAll(contexts, x => _vector.Of(x).ToArray());
        _map.Fit(vectors);
        for (var i = 0; i < rows.Count; i++)
        {
            var cluster = _map.Nearest(vectors[i]);
            for (var a = 0; a < _sum.Length; a++)
            {
                Count(a, cluster, rows[i].Rewards[a], 1);
            }
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        _map.Write(writer);
        writer.Doubles(_totalSum);
        writer.Doubles(_totalCount);
        for (var a = 0; a < _sum.Length; a++)
        {
            writer.Doubles(_sum[a]);
            writer.Doubles(_count[a]);
        }
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        _map.Read(ref reader);
        reader.Doubles(_totalSum.AsSpan());
        reader.Doubles(_totalCount.AsSpan());
        for (var a = 0; a < _sum.Length; a++)
        {
            reader.Doubles(_sum[a].AsSpan());
            reader.Doubles(_count[a].AsSpan());
        }
    }

    // Before the first settled call there is no cluster; the arm's overall mean learns all the same.
    private void Count(int arm, int cluster, double reward, double count)
    {
        _totalSum[arm] += reward;
        _totalCount[arm] += count;
        if (cluster >= 0)
        {
            _sum[arm][cluster] += reward;
            _count[arm][cluster] += count;
        }
    }

    private void Vote(ReadOnlySpan<double> vector)
    {
        var highest = double.NegativeInfinity;
        for (var c = 0; c < _map.Count; c++)
        {
            _weight[c] = _map.Similarity(c, vector);
            highest = Math.Max(highest, _weight[c]);
        }

        for (var c = 0; c < _map.Count; c++)
        {
            _weight[c] = -Math.Exp(_sharpness * (_weight[c] - highest));
        }

        // Negative weights are candidates; the nearest ones turn positive one by one, the others are cleared.
        for (var v = 0; v < Math.Min(_voters, _map.Count); v++)
        {
            var nearest = -1;
            for (var c = 0; c < _map.Count; c++)
            {
                if (_weight[c] < 0 && (nearest < 0 || _weight[c] < _weight[nearest]))
                {
                    nearest = c;
                }
            }

            if (nearest >= 0)
            {
                _weight[nearest] = -_weight[nearest];
            }
        }

        for (var c = 0; c < _map.Count; c++)
        {
            _weight[c] = Math.Max(0, _weight[c]);
        }
    }
}
