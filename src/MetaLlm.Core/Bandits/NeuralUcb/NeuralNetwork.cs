using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.NeuralUcb;

/// <summary>
/// One hidden layer that all arms share and one linear head an arm: f_a(x) = w_a0 + sum_j w_aj tanh(v_j'x). Trained by normalised gradient
/// steps, so that no single query can throw it far. The hidden layer starts from a fixed stream of random numbers, heads at one half.
/// </summary>
internal sealed class NeuralNetwork
{
    private const ulong Seed = 0x6e657572616c;
    private const double InitialQuality = 0.5;

    private readonly int _hidden;
    private readonly int _dimension;
    private readonly double[] _weights;
    private readonly double[] _features;
    private readonly double[] _back;
    private double[][] _heads = [];

    public NeuralNetwork(int dimension, int hidden)
    {
        _dimension = dimension;
        _hidden = hidden;
        _weights = new double[dimension * hidden];
        var scale = Math.Sqrt(3.0 / dimension);
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = scale * ((2 * CounterRandom.Uniform(Seed, (ulong)i)) - 1);
        }

        _features = new double[hidden + 1];
        _back = new double[hidden];
    }

    /// <summary>Computes (1, tanh(v_1'x), ...), the input of every head. Valid until the next call.</summary>
    public ReadOnlySpan<double> Forward(ReadOnlySpan<double> x)
    {
        _features[0] = 1;
        for (var j = 0; j < _hidden; j++)
        {
            _features[j + 1] = Math.Tanh(Kernels.Dot(Row(j), x));
        }

        return _features;
    }

    /// <summary>f_a for the features of the last <see cref="Forward"/>.</summary>
    public double Output(int arm) => Kernels.Dot(_heads[arm], _features);

    /// <summary>One step that moves f_a(x) towards a reward: about the given share of the way.</summary>
    public void Train(ReadOnlySpan<double> x, int arm, double reward, double rate)
    {
        Forward(x);
        Step(x, arm, reward - Output(arm), rate);
    }

    /// <summary>One step that raises f_a(x) by about rate * error.</summary>
    public void Nudge(ReadOnlySpan<double> x, int arm, double error, double rate)
    {
        Forward(x);
        Step(x, arm, error, rate);
    }

    public void SetArms(ReadOnlySpan<int> previous)
    {
        var heads = new double[previous.Length][];
        for (var a = 0; a < heads.Length; a++)
        {
            heads[a] = previous[a] >= 0 ? _heads[previous[a]] : new double[_hidden + 1];
            heads[a][0] = previous[a] >= 0 ? heads[a][0] : InitialQuality;
        }

        _heads = heads;
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_weights);
        foreach (var head in _heads)
        {
            writer.Doubles(head);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_weights.AsSpan());
        foreach (var head in _heads)
        {
            reader.Doubles(head.AsSpan());
        }
    }

    private void Step(ReadOnlySpan<double> x, int arm, double error, double rate)
    {
        var head = _heads[arm];
        var inputs = Kernels.Dot(x, x);
        var squares = Kernels.Dot(_features, _features);
        for (var j = 0; j < _hidden; j++)
        {
            _back[j] = head[j + 1] * (1 - (_features[j + 1] * _features[j + 1]));
            squares += _back[j] * _back[j] * inputs;
        }

        var step = rate * error / squares;
        Kernels.MultiplyAdd(_features, step, head);
        for (var j = 0; j < _hidden; j++)
        {
            Kernels.MultiplyAdd(x, step * _back[j], Row(j));
        }
    }

    private Span<double> Row(int j) => _weights.AsSpan(j * _dimension, _dimension);
}
