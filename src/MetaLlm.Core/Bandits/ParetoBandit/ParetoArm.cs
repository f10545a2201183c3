using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.ParetoBandit;

/// <summary>
/// One arm of ParetoBandit: ridge regression that forgets by the tenant's clock, A &lt;- gamma^dt A + x x', with a floor under its ridge.
/// </summary>
internal sealed class ParetoArm
{
    private const double SmallestRidgeShare = 0.1;

    private readonly double _ridge;
    private readonly double[] _sum;
    private readonly double[] _theta;
    private double[] _inverse;
    private double _ridgeShare = 1;
    private long _updated;

    public ParetoArm(int dimension, double ridge, long clock)
    {
        _ridge = ridge;
        _sum = new double[dimension];
        _theta = new double[dimension];
        _inverse = PackedMatrix.Diagonal(Filled(dimension, 1 / ridge));
        _updated = clock;
    }

    /// <summary>Whether a warm start has given the arm a prior.</summary>
    public bool Informed { get; private set; }

    /// <summary>When the arm was last chosen, by the tenant's clock.</summary>
    public long Played { get; set; }

    public double Reward(ReadOnlySpan<double> x) => Kernels.Dot(_theta, x);

    /// <summary>x' A^-1 x.</summary>
    public double Variance(ReadOnlySpan<double> x) => Math.Max(0, PackedMatrix.Quadratic(_inverse, x));

    /// <summary>Clock ticks since the arm was last chosen or learned from.</summary>
    public long Idle(long clock) => Math.Max(0, clock - Math.Max(_updated, Played));

    public void Observe(ReadOnlySpan<double> x, double reward, double gamma, long clock, long largestAge, Span<double> scratch)
    {
        Forget(Math.Pow(gamma, Math.Min(largestAge, Math.Max(0, clock - _updated))));
        _updated = Math.Max(clock, _updated);
        PackedMatrix.AddOuterToInverse(_inverse, x, 1, scratch);
        Correct(x, reward);
    }

    /// <summary>b &lt;- b + delta x.</summary>
    public void Correct(ReadOnlySpan<double> x, double delta)
    {
        Kernels.MultiplyAdd(x, delta, _sum);
        PackedMatrix.Multiply(_inverse, _sum, _theta);
    }

    /// <summary>Sets the prior: precision ridge I + S and sum b.</summary>
    public void Inform(ReadOnlySpan<double> precision, ReadOnlySpan<double> sum)
    {
        _inverse = PackedMatrix.Invert(precision, _sum.Length);
        sum.CopyTo(_sum);
        PackedMatrix.Multiply(_inverse, _sum, _theta);
        Informed = true;
    }

    public void Write(StateWriter writer)
    {
        writer.Bool(Informed);
        writer.Long(Played);
        writer.Long(_updated);
        writer.Double(_ridgeShare);
        writer.Doubles(_inverse);
        writer.Doubles(_sum);
        writer.Doubles(_theta);
    }

    public void Read(ref StateReader reader)
    {
        Informed = reader.Bool();
        Played = reader.Long();
        _updated = reader.Long();
        _ridgeShare = reader.Double();
        reader.Doubles(_inverse.AsSpan());
        reader.Doubles(_sum.AsSpan());
        reader.Doubles(_theta.AsSpan());
    }

    // A ridge that has been forgotten leaves directions without any precision: it is filled up, which takes an inversion now and then.
    private void Forget(double factor)
    {
        if (factor >= 1)
        {
            return;
        }

        TensorPrimitives.Divide(_inverse, factor, _inverse);
        TensorPrimitives.Multiply(_sum, factor, _sum);
        _ridgeShare *= factor;
        if (_ridgeShare >= SmallestRidgeShare)
        {
            return;
        }

        var dimension = _sum.Length;
        var precision = PackedMatrix.Invert(_inverse, dimension);
        TensorPrimitives.Add(precision, PackedMatrix.Diagonal(Filled(dimension, (1 - _ridgeShare) * _ridge)), precision);
        _inverse = PackedMatrix.Invert(precision, dimension);
        _ridgeShare = 1;
    }

    private static double[] Filled(int dimension, double value)
    {
        var diagonal = new double[dimension];
        Array.Fill(diagonal, value);
        return diagonal;
    }
}
