using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Linear;

/// <summary>Bayesian ridge regression of one arm's reward: A = A_0 + sum x x', b = A_0 m + sum r x, theta = A^-1 b.</summary>
internal sealed class RidgeArm
{
    private readonly double[] _inverse;
    private readonly double[] _sum;
    private readonly double[] _theta;

    /// <param name="mean">m, the prior mean.</param>
    /// <param name="ridge">A_0 is this multiple of the identity, above 0.</param>
    public RidgeArm(ReadOnlySpan<double> mean, double ridge)
    {
        var diagonal = new double[mean.Length];
        Array.Fill(diagonal, 1 / ridge);
        _inverse = PackedMatrix.Diagonal(diagonal);
        _theta = mean.ToArray();
        _sum = new double[mean.Length];
        Kernels.MultiplyAdd(mean, ridge, _sum);
    }

    /// <summary>Coefficients in force.</summary>
    public ReadOnlySpan<double> Theta => _theta;

    public double Reward(ReadOnlySpan<double> x) => Kernels.Dot(_theta, x);

    /// <summary>x' A^-1 x.</summary>
    public double Variance(ReadOnlySpan<double> x) => Math.Max(0, PackedMatrix.Quadratic(_inverse, x));

    public void Observe(ReadOnlySpan<double> x, double reward, Span<double> scratch)
    {
        PackedMatrix.AddOuterToInverse(_inverse, x, 1, scratch);
        Correct(x, reward);
    }

    /// <summary>A reward is replaced: the context was counted before, so only b changes.</summary>
    public void Correct(ReadOnlySpan<double> x, double delta)
    {
        Kernels.MultiplyAdd(x, delta, _sum);
        PackedMatrix.Multiply(_inverse, _sum, _theta);
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_inverse);
        writer.Doubles(_sum);
        writer.Doubles(_theta);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_inverse.AsSpan());
        reader.Doubles(_sum.AsSpan());
        reader.Doubles(_theta.AsSpan());
    }
}
