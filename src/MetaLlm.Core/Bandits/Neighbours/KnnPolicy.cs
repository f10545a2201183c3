using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Neighbours;

/// <summary>
/// k nearest neighbours by cosine (the router of RouterBench, arXiv 2403.12031), online: an arm's quality is the mean reward of its k nearest
/// remembered queries, drawn towards the arm's overall mean. Memory is bounded, and so is the work of a decision.
/// </summary>
internal sealed class KnnPolicy : PricedPolicy
{
    private const double PriorQuality = 0.5;
    private const double LargestDeviation = 0.5;

    private readonly int _k;
    private readonly double _shrink;
    private readonly double _epsilon;
    private readonly ContextVector _vector;
    private readonly NeighbourMemory _memory;
    private readonly float[] _rounded;
    private double[] _sum = [];
    private double[] _count = [];
    private NearestSet[] _nearest = [];

    private KnnPolicy(PolicySetup setup)
        : base(setup)
    {
        _k = (int)Option("k");
        _shrink = Option("shrink");
        _epsilon = Option("epsilon");
        Alpha = Option("alpha");
        _vector = new ContextVector(setup, Option("embeddingOnly") >= 0.5);
        _memory = new NeighbourMemory(_vector.Dimension, (int)Option("memory"));
        _rounded = new float[_vector.Dimension];
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "knn",
        1,
        "k nearest neighbours over a bounded memory of rewarded queries, epsilon-greedy (RouterBench, arXiv 2403.12031).",
        [
            new("k", 40, 1, 1000, "Neighbours of each arm; whole."),
            new("memory", 4096, 2, 65536, "Queries that are remembered; whole. Half of it at most is for warm-start rows."),
            new("shrink", 10, 1e-3, 1e4, "Neighbours' worth of the arm's overall mean."),
            new("embeddingOnly", 0, 0, 1, "1: distances in the embedding alone; 0: in all of the context."),
            new("alpha", 0.5, 0, 100, "Bonus in deviations of the prediction; it evens out once every arm has been tried often."),
            GatedExploration.Epsilon(0.03),
        ],
        setup => new KnnPolicy(setup));

    protected override double Alpha { get; }

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        Look(x);
        foreach (var set in _nearest)
        {
            set.Clear();
        }

        for (var entry = 0; entry < _memory.Count; entry++)
        {
            var similarity = _memory.Similarity(entry, _rounded);
            var rewards = _memory.Rewards(entry);
            for (var a = 0; a < rewards.Length; a++)
            {
                if (!float.IsNaN(rewards[a]))
                {
                    _nearest[a].Offer(similarity, rewards[a]);
                }
            }
        }

        for (var a = 0; a < _nearest.Length; a++)
        {
            var mean = (_sum[a] + PriorQuality) / (_count[a] + 1);
            quality[a] = (_nearest[a].Sum + (_shrink * mean)) / (_nearest[a].Count + _shrink);
            deviation[a] = LargestDeviation / Math.Sqrt(1 + _nearest[a].Count);
        }
    }

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => GatedExploration.Spread(query, scores, _epsilon);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = observation.Arm;
        Look(x);
        if (double.IsNaN(observation.PreviousReward))
        {
            _memory.Add(_rounded, arm, observation.Reward);
            _sum[arm] += observation.Reward;
            _count[arm]++;
        }
        else
        {
            _memory.Replace(_rounded, arm, observation.PreviousReward, observation.Reward);
            _sum[arm] += observation.Reward - observation.PreviousReward;
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var (sum, count) = (new double[previous.Length], new double[previous.Length]);
        for (var a = 0; a < previous.Length; a++)
        {
            if (previous[a] >= 0)
            {
                (sum[a], count[a]) = (_sum[previous[a]], _count[previous[a]]);
            }
        }

        (_sum, _count) = (sum, count);
        _nearest = [.. sum.Select(_ => new NearestSet(_k))];
        _memory.SetArms(previous);
    }

    // Rows are taken evenly when there are more than fit.
    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        var room = (int)Option("memory") / 2;
        var taken = Math.Min(room, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            for (var a = 0; a < _sum.Length; a++)
            {
                _sum[a] += rows[i].Rewards[a];
                _count[a]++;
            }

            if ((long)i * taken / rows.Count != (long)(i + 1) * taken / rows.Count)
            {
                Look(contexts[i]);
                _memory.TryKeep(_rounded, rows[i].Rewards);
            }
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        writer.Doubles(_sum);
        writer.Doubles(_count);
        _memory.Write(writer);
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        reader.Doubles(_sum.AsSpan());
        reader.Doubles(_count.AsSpan());
        _memory.Read(ref reader);
    }

    private void Look(ReadOnlySpan<double> x) => _memory.Round(_vector.Of(x), _rounded);
}
