using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Linear;

/// <summary>One arm's discounted ridge regressions of reward and of cost on the same contexts: A &lt;- gamma A + x x', b &lt;- gamma b + y x.</summary>
internal sealed class LinearArm
{
    private readonly double[] _inverse;
    private readonly double[] _rewardSum;
    private readonly double[] _costSum;
    private readonly double[] _rewardTheta;
    private readonly double[] _costTheta;

    public LinearArm(int dimension, double ridge)
    {
        var diagonal = new double[dimension];
        Array.Fill(diagonal, 1 / ridge);
        _inverse = PackedMatrix.Diagonal(diagonal);
        _rewardSum = new double[dimension];
        _costSum = new double[dimension];
        _rewardTheta = new double[dimension];
        _costTheta = new double[dimension];
    }

    public double Reward(ReadOnlySpan<double> x) => Kernels.Dot(_rewardTheta, x);

    public double Cost(ReadOnlySpan<double> x) => Kernels.Dot(_costTheta, x);

    /// <summary>x' A^-1 x.</summary>
    public double Variance(ReadOnlySpan<double> x) => Math.Max(0, PackedMatrix.Quadratic(_inverse, x));

    public void Observe(ReadOnlySpan<double> x, double reward, double cost, double gamma, Span<double> scratch)
    {
        if (gamma < 1)
        {
            TensorPrimitives.Divide(_inverse, gamma, _inverse);
            TensorPrimitives.Multiply(_rewardSum, gamma, _rewardSum);
            TensorPrimitives.Multiply(_costSum, gamma, _costSum);
        }

        PackedMatrix.AddOuterToInverse(_inverse, x, 1, scratch);
        Kernels.MultiplyAdd(x, reward, _rewardSum);
        Kernels.MultiplyAdd(x, cost, _costSum);
        PackedMatrix.Multiply(_inverse, _rewardSum, _rewardTheta);
        PackedMatrix.Multiply(_inverse, _costSum, _costTheta);
    }

    /// <summary>A reward is replaced: the context was counted before, so only b changes.</summary>
    public void Correct(ReadOnlySpan<double> x, double delta)
    {
        Kernels.MultiplyAdd(x, delta, _rewardSum);
        PackedMatrix.Multiply(_inverse, _rewardSum, _rewardTheta);
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_inverse);
        writer.Doubles(_rewardSum);
        writer.Doubles(_costSum);
        writer.Doubles(_rewardTheta);
        writer.Doubles(_costTheta);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_inverse);
        reader.Doubles(_rewardSum);
        reader.Doubles(_costSum);
        reader.Doubles(_rewardTheta);
        reader.Doubles(_costTheta);
    }
}
