using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Predicted reward of every arm, q_a(x) = theta_a'x with theta_a = m_a + P_a (b_a + Lambda w): Bayesian ridge regression around a
/// prior mean m_a, where P_a is the inverse of prior precision plus sum x x', b_a = sum (r - m_a'x) x. In a cold tenant w is a ridge
/// estimate pooled over all arms, so that every reward teaches every arm; after a warm start w = 0 and the prior is strong.
/// Everything is linear in the rewards, which is what makes a correction exact.
/// </summary>
internal sealed class QualityModel
{
    private const double ColdQuality = 0.5;
    private const double PooledBiasRidge = 0.5;
    private const double InitialResidual = 0.35;
    private const double ResidualPriorCount = 50;

    private readonly int _dimension;
    private readonly double[] _coldPrecision;
    private readonly double[] _pooledInverse;
    private readonly double[] _pooledSum;
    private readonly double[] _pooled;
    private readonly double[] _work;
    private readonly double[] _scratch;
    private double[]? _warmInverse;
    private ArmQuality[] _arms = [];
    private double _residualSquares = InitialResidual * InitialResidual * ResidualPriorCount;
    private double _residualCount = ResidualPriorCount;

    public QualityModel(int dimension, double pooledRidge, double armRidge, double armBiasRidge)
    {
        _dimension = dimension;
        _coldPrecision = new double[dimension];
        Array.Fill(_coldPrecision, armRidge);
        _coldPrecision[0] = armBiasRidge;
        var pooled = new double[dimension];
        Array.Fill(pooled, 1 / pooledRidge);
        pooled[0] = 1 / PooledBiasRidge;
        _pooledInverse = PackedMatrix.Diagonal(pooled);
        _pooledSum = new double[dimension];
        _pooled = new double[dimension];
        _work = new double[dimension];
        _scratch = new double[dimension];
    }

    /// <summary>Whether a warm start has fitted prior means.</summary>
    public bool Warm => _warmInverse is not null;

    /// <summary>Whether an arm's prior comes from the warm start.</summary>
    public bool Informed(int arm) => _arms[arm].Informed;

    /// <summary>Standard deviation of a reward around its prediction.</summary>
    public double Residual => Math.Sqrt(_residualSquares / _residualCount);

    public double Predict(int arm, ReadOnlySpan<double> x) => Kernels.Dot(_arms[arm].Theta, x);

    /// <summary>x' P_a x: variance of the prediction in units of the residual variance.</summary>
    public double Variance(int arm, ReadOnlySpan<double> x) => Math.Max(0, PackedMatrix.Quadratic(_arms[arm].Inverse, x));

    public void SetArms(ReadOnlySpan<int> previous)
    {
        var arms = new ArmQuality[previous.Length];
        for (var a = 0; a < arms.Length; a++)
        {
            arms[a] = previous[a] >= 0 ? _arms[previous[a]] : New();
        }

        _arms = arms;
        RefreshPooledArms();
    }

    /// <summary>Sets the prior of every present arm.</summary>
    /// <param name="means">m_a per arm.</param>
    /// <param name="precision">Prior precision, packed, shared by all arms.</param>
    /// <param name="residual">Standard deviation of a reward around its prediction.</param>
    public void WarmStart(double[][] means, double[] precision, double residual)
    {
        _warmInverse = PackedMatrix.Invert(precision, _dimension);
        for (var a = 0; a < _arms.Length; a++)
        {
            _arms[a] = new ArmQuality(means[a], (double[])_warmInverse.Clone(), new double[_dimension], (double[])means[a].Clone(), true);
        }

        _residualSquares = residual * residual * ResidualPriorCount;
    }

    public void Learn(int arm, ReadOnlySpan<double> x, double reward, double previous)
    {
        var quality = _arms[arm];
        var first = double.IsNaN(previous);
        if (first)
        {
            Watch(quality, reward - Kernels.Dot(quality.Theta, x), 1 + Variance(arm, x));
            PackedMatrix.AddOuterToInverse(quality.Inverse, x, 1, _scratch);
        }

        Kernels.MultiplyAdd(x, first ? reward - Kernels.Dot(quality.PriorMean, x) : reward - previous, quality.Sum);
        if (Warm)
        {
            Refresh(quality, pooled: false);
            return;
        }

        if (first)
        {
            PackedMatrix.AddOuterToInverse(_pooledInverse, x, 1, _scratch);
        }

        Kernels.MultiplyAdd(x, reward - (first ? ColdQuality : previous), _pooledSum);
        PackedMatrix.Multiply(_pooledInverse, _pooledSum, _pooled);
        RefreshPooledArms();
    }

    public void Write(StateWriter writer)
    {
        writer.Section("quality");
        writer.Double(_residualSquares);
        writer.Double(_residualCount);
        writer.Doubles(_warmInverse ?? []);
        writer.Doubles(_pooledInverse);
        writer.Doubles(_pooledSum);
        writer.Doubles(_pooled);
        foreach (var arm in _arms)
        {
            writer.Bool(arm.Informed);
            arm.Drift.Write(writer);
            writer.Doubles(arm.PriorMean);
            writer.Doubles(arm.Inverse);
            writer.Doubles(arm.Sum);
            writer.Doubles(arm.Theta);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("quality");
        _residualSquares = reader.Double();
        _residualCount = reader.Double();
        var warm = reader.Doubles();
        if (warm.Length != 0 && warm.Length != _pooledInverse.Length)
        {
            throw new InvalidDataException($"Learned state does not fit: a prior of {_pooledInverse.Length} numbers expected, {warm.Length} found.");
        }

        _warmInverse = warm.Length == 0 ? null : warm;
        reader.Doubles(_pooledInverse);
        reader.Doubles(_pooledSum);
        reader.Doubles(_pooled);
        for (var a = 0; a < _arms.Length; a++)
        {
            _arms[a] = _arms[a] with { Informed = reader.Bool() };
            _arms[a].Drift.Read(ref reader);
            reader.Doubles(_arms[a].PriorMean);
            reader.Doubles(_arms[a].Inverse);
            reader.Doubles(_arms[a].Sum);
            reader.Doubles(_arms[a].Theta);
        }
    }

    // A new arm of a warm tenant starts as the mean of the arms that are there; one of a cold tenant, at the pooled estimate.
    private ArmQuality New()
    {
        var mean = new double[_dimension];
        mean[0] = ColdQuality;
        if (Warm && _arms.Length > 0)
        {
            mean[0] = 0;
            foreach (var arm in _arms)
            {
                Kernels.MultiplyAdd(arm.Theta, 1.0 / _arms.Length, mean);
            }
        }

        var inverse = PackedMatrix.Diagonal(Array.ConvertAll(_coldPrecision, p => 1 / p));
        return new ArmQuality(mean, inverse, new double[_dimension], (double[])mean.Clone(), false);
    }

    private void Watch(ArmQuality arm, double error, double spread)
    {
        if (arm.Drift.Observe(error / (Residual * Math.Sqrt(spread))))
        {
            Distrust(arm);
        }

        _residualSquares += error * error / spread;
        _residualCount++;
    }

    // What was learned stays as the prior's mean, but counts no more than a new arm's: the next rewards decide.
    private void Distrust(ArmQuality arm)
    {
        arm.Theta.CopyTo(arm.PriorMean.AsSpan());
        if (!Warm)
        {
            TensorPrimitives.Subtract(arm.PriorMean, _pooled, arm.PriorMean);
        }

        Array.Clear(arm.Sum);
        PackedMatrix.Diagonal(Array.ConvertAll(_coldPrecision, p => 1 / p)).CopyTo(arm.Inverse.AsSpan());
    }

    private void RefreshPooledArms()
    {
        if (Warm)
        {
            return;
        }

        foreach (var arm in _arms)
        {
            Refresh(arm, pooled: true);
        }
    }

    private void Refresh(ArmQuality arm, bool pooled)
    {
        arm.Sum.CopyTo(_work.AsSpan());
        if (pooled)
        {
            TensorPrimitives.MultiplyAdd(_coldPrecision, _pooled, _work, _work);
        }

        PackedMatrix.Multiply(arm.Inverse, _work, arm.Theta);
        TensorPrimitives.Add(arm.Theta, arm.PriorMean, arm.Theta);
    }
}
