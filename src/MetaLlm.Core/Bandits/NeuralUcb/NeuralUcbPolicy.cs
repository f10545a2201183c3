using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.NeuralUcb;

/// <summary>
/// A small NeuralUCB (Zhou, Li and Gu 2020; for routing arXiv 2603.30035): a network predicts the reward, an upper confidence bound in its last layer
/// (Xu et al. 2020) adds optimism. Every reward is trained on once when it comes and, with others of the recent past, a fixed number of times after.
/// </summary>
internal sealed class NeuralUcbPolicy : PricedPolicy
{
    private const ulong ReplaySeed = 0x7265706c6179;
    private const double LargestPrediction = 1.5;

    private readonly double _ridge;
    private readonly double _rate;
    private readonly int _replays;
    private readonly int _hidden;
    private readonly NeuralNetwork _network;
    private readonly ReplayBuffer _buffer;
    private readonly double[] _scratch;
    private readonly double[] _replayed;
    private double[][] _inverse = [];
    private long _steps;

    private NeuralUcbPolicy(PolicySetup setup)
        : base(setup)
    {
        Alpha = Option("alpha");
        _ridge = Option("ridge");
        _rate = Option("rate");
        _replays = (int)Option("replays");
        _hidden = (int)Option("hidden");
        _network = new NeuralNetwork(setup.Dimension, _hidden);
        _buffer = new ReplayBuffer(setup.Dimension, (int)Option("buffer"));
        _scratch = new double[_hidden + 1];
        _replayed = new double[setup.Dimension];
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "neural-ucb",
        1,
        "A network with one hidden layer and a confidence bound in its last layer (NeuralUCB; arXiv 2603.30035).",
        [
            new("alpha", 0.05, 0, 100, "Bonus in units of sqrt(phi' A^-1 phi), phi the hidden layer."),
            new("ridge", 1, 1e-6, 1e6, "A starts as this multiple of the identity."),
            new("hidden", 24, 1, 256, "Hidden units; whole."),
            new("rate", 0.05, 1e-5, 1, "Share of its error that one training step removes."),
            new("replays", 8, 0, 1000, "Training steps on remembered rewards after each reward; whole."),
            new("buffer", 512, 1, 65536, "Rewards that are remembered; whole."),
            new("epochs", 10, 0, 1000, "Training steps per warm-start row and arm; whole."),
        ],
        setup => new NeuralUcbPolicy(setup));

    protected override double Alpha { get; }

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        var features = _network.Forward(x);
        for (var a = 0; a < _inverse.Length; a++)
        {
            quality[a] = Math.Clamp(_network.Output(a), 1 - LargestPrediction, LargestPrediction);
            deviation[a] = Math.Sqrt(Math.Max(0, PackedMatrix.Quadratic(_inverse[a], features)));
        }
    }

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var arm = observation.Arm;
        if (!double.IsNaN(observation.PreviousReward))
        {
            _buffer.Replace(observation.Context, arm, observation.PreviousReward, observation.Reward);
            _network.Nudge(x, arm, observation.Reward - observation.PreviousReward, _rate);
            return;
        }

        _buffer.Add(observation.Context, arm, observation.Reward);
        PackedMatrix.AddOuterToInverse(_inverse[arm], _network.Forward(x), 1, _scratch);
        _network.Train(x, arm, observation.Reward, _rate);
        for (var i = 0; i < _replays; i++)
        {
            Replay();
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var inverse = new double[previous.Length][];
        for (var a = 0; a < inverse.Length; a++)
        {
            inverse[a] = previous[a] >= 0 ? _inverse[previous[a]] : Unlearned();
        }

        _inverse = inverse;
        _network.SetArms(previous);
        _buffer.SetArms(previous);
    }

    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        var steps = rows.Count * (long)Option("epochs");
        for (var s = 0L; s < steps; s++)
        {
            // Steps shrink to a tenth, so that training ends near the mean of what the rows say.
            var row = (int)(CounterRandom.Bits(ReplaySeed + 1, (ulong)s) % (ulong)rows.Count);
            var rate = _rate * (1 - (0.9 * s / steps));
            for (var a = 0; a < _inverse.Length; a++)
            {
                _network.Train(contexts[row], a, rows[row].Rewards[a], rate);
            }
        }

        var seen = Unlearned();
        foreach (var x in contexts)
        {
            PackedMatrix.AddOuterToInverse(seen, _network.Forward(x), 1, _scratch);
        }

        _inverse = Array.ConvertAll(_inverse, _ => (double[])seen.Clone());
    }

    protected override void WriteQuality(StateWriter writer)
    {
        writer.Long(_steps);
        _network.Write(writer);
        _buffer.Write(writer);
        foreach (var inverse in _inverse)
        {
            writer.Doubles(inverse);
        }
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        _steps = reader.Long();
        _network.Read(ref reader);
        _buffer.Read(ref reader, _inverse.Length);
        foreach (var inverse in _inverse)
        {
            reader.Doubles(inverse.AsSpan());
        }
    }

    private void Replay()
    {
        var entry = (int)(CounterRandom.Bits(ReplaySeed, (ulong)_steps++) % (ulong)_buffer.Count);
        if (_buffer.Arm(entry) is var arm and >= 0)
        {
            _buffer.Context(entry, _replayed);
            _network.Train(_replayed, arm, _buffer.Reward(entry), _rate);
        }
    }

    private double[] Unlearned()
    {
        var diagonal = new double[_hidden + 1];
        Array.Fill(diagonal, 1 / _ridge);
        return PackedMatrix.Diagonal(diagonal);
    }
}
