using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.MixLlm;

/// <summary>
/// MixLLM's dynamic feedback score: a network of three layers over the query, shared by all arms, whose softmax is trained by policy gradient from
/// binary feedback, W += rate * (r - baseline) * grad ln pi(a). Its score of an arm is pi(a) less the uniform share.
/// </summary>
internal sealed class FeedbackNetwork
{
    private const ulong Seed = 0x6d69786c6c6d;
    private const int Hidden = 16;
    private const double BaselineStep = 0.02;

    private readonly int _dimension;
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly double[] _hidden1 = new double[Hidden];
    private readonly double[] _hidden2 = new double[Hidden + 1];
    private readonly double[] _back1 = new double[Hidden];
    private readonly double[] _back2 = new double[Hidden + 1];
    private double[][] _heads = [];
    private double[] _policy = [];
    private double _baseline = 0.5;

    public FeedbackNetwork(int dimension)
    {
        _dimension = dimension;
        _first = Random(Seed, Hidden * dimension, Math.Sqrt(3.0 / dimension));
        _second = Random(Seed + 1, Hidden * Hidden, Math.Sqrt(3.0 / Hidden));
    }

    /// <summary>Computes pi for a query.</summary>
    public void Forward(ReadOnlySpan<double> x)
    {
        for (var j = 0; j < Hidden; j++)
        {
            _hidden1[j] = Math.Tanh(Kernels.Dot(_first.AsSpan(j * _dimension, _dimension), x));
        }

        _hidden2[0] = 1;
        for (var j = 0; j < Hidden; j++)
        {
            _hidden2[j + 1] = Math.Tanh(Kernels.Dot(_second.AsSpan(j * Hidden, Hidden), _hidden1));
        }

        var (largest, total) = (double.NegativeInfinity, 0.0);
        for (var a = 0; a < _heads.Length; a++)
        {
            _policy[a] = Kernels.Dot(_heads[a], _hidden2);
            largest = Math.Max(largest, _policy[a]);
        }

        for (var a = 0; a < _heads.Length; a++)
        {
            _policy[a] = Math.Exp(_policy[a] - largest);
            total += _policy[a];
        }

        for (var a = 0; a < _heads.Length; a++)
        {
            _policy[a] /= total;
        }
    }

    /// <summary>pi(a) less the uniform share, for the query of the last <see cref="Forward"/>.</summary>
    public double Score(int arm) => _policy[arm] - (1.0 / _policy.Length);

    /// <summary>Learns from a first reward: 1 satisfied, 0 not.</summary>
    public void Learn(ReadOnlySpan<double> x, int arm, double reward, double rate)
    {
        Step(x, arm, rate * (reward - _baseline));
        _baseline += BaselineStep * (reward - _baseline);
    }

    /// <summary>A reward is replaced: the gradient is linear in it, so the difference is a step of its own.</summary>
    public void Correct(ReadOnlySpan<double> x, int arm, double delta, double rate) => Step(x, arm, rate * delta);

    public void SetArms(ReadOnlySpan<int> previous)
    {
        var heads = new double[previous.Length][];
        for (var a = 0; a < heads.Length; a++)
        {
            heads[a] = previous[a] >= 0 ? _heads[previous[a]] : new double[Hidden + 1];
        }

        _heads = heads;
        _policy = new double[previous.Length];
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_baseline);
        writer.Doubles(_first);
        writer.Doubles(_second);
        foreach (var head in _heads)
        {
            writer.Doubles(head);
        }
    }

    public void Read(ref StateReader reader)
    {
        _baseline = reader.Double();
        reader.Doubles(_first.AsSpan());
        reader.Doubles(_second.AsSpan());
        foreach (var head in _heads)
        {
            reader.Doubles(head.AsSpan());
        }
    }

    private void Step(ReadOnlySpan<double> x, int arm, double step)
    {
        Forward(x);
        Array.Clear(_back2);
        for (var a = 0; a < _heads.Length; a++)
        {
            var slope = step * ((a == arm ? 1 : 0) - _policy[a]);
            Kernels.MultiplyAdd(_heads[a], slope, _back2);
            Kernels.MultiplyAdd(_hidden2, slope, _heads[a]);
        }

        Array.Clear(_back1);
        for (var j = 0; j < Hidden; j++)
        {
            var slope = _back2[j + 1] * (1 - (_hidden2[j + 1] * _hidden2[j + 1]));
            var row = _second.AsSpan(j * Hidden, Hidden);
            Kernels.MultiplyAdd(row, slope, _back1);
            Kernels.MultiplyAdd(_hidden1, slope, row);
        }

        for (var j = 0; j < Hidden; j++)
        {
            Kernels.MultiplyAdd(x, _back1[j] * (1 - (_hidden1[j] * _hidden1[j])), _first.AsSpan(j * _dimension, _dimension));
        }
    }

    private static double[] Random(ulong seed, int count, double scale)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = scale * ((2 * CounterRandom.Uniform(seed, (ulong)i)) - 1);
        }

        return values;
    }
}
