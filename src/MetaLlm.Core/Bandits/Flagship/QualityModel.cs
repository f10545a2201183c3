using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Predicted reward of every arm, q_a(x) = m_a'x + theta_a'z with theta_a = P_a (b_a + Lambda w): Bayesian ridge regression around a
/// prior mean m_a over part z of the context, where P_a is the inverse of prior precision plus sum z z', b_a = sum (r - m_a'x) z. In a cold
/// tenant w is a ridge estimate pooled over all arms, so that every reward teaches every arm; after a warm start w = 0 and the prior is
/// strong. Everything is linear in the rewards, which is what makes a correction exact.
/// </summary>
internal sealed partial class QualityModel
{
    private const double ColdQuality = 0.5;
    private const double PooledBiasRidge = 0.5;
    private const double InitialResidual = 0.35;
    private const double ResidualPriorCount = 50;
    private const int RewardsToTrust = 200;

    private readonly int _dimension;
    private readonly int _n;
    private readonly double[] _coldPrecision;
    private readonly double[] _pooledRidges;
    private readonly double[] _pooledInverse;
    private readonly double[] _pooledSum;
    private readonly double[] _pooled;
    private readonly double[] _shared;
    private readonly double[] _scratch;
    private ArmPrior[] _arms = [];
    private ArmMatrices _matrices;
    private double _residualSquares = InitialResidual * InitialResidual * ResidualPriorCount;
    private double _residualCount = ResidualPriorCount;
    private long _ordinal;

    /// <param name="dimension">Length of x.</param>
    /// <param name="learned">Length n of z, the first entries of x: the bias and what else online rewards may correct.</param>
    /// <param name="pooledRidge">Ridge of the slopes that all arms share without a warm start.</param>
    /// <param name="armRidge">Precision that ties an arm's slopes to the pooled ones.</param>
    /// <param name="armBiasRidge">Precision that ties an arm's mean to the pooled one.</param>
    /// <param name="ridges">Moves the ridges of the arms' slopes with the rewards of a cold tenant; null leaves them.</param>
    public QualityModel(int dimension, int learned, double pooledRidge, double armRidge, double armBiasRidge, EmpiricalRidges? ridges = null)
    {
        _ridges = ridges;
        _dimension = dimension;
        _n = learned;
        _coldPrecision = new double[learned];
        Array.Fill(_coldPrecision, armRidge);
        _coldPrecision[0] = armBiasRidge;
        var pooled = new double[learned];
        Array.Fill(pooled, 1 / pooledRidge);
        pooled[0] = 1 / PooledBiasRidge;
        _pooledRidges = Array.ConvertAll(pooled, variance => 1 / variance);
        _pooledInverse = PackedMatrix.Diagonal(pooled);
        _pooledSum = new double[learned];
        _pooled = new double[learned];
        _shared = new double[learned];
        _scratch = new double[learned];
        _matrices = new ArmMatrices(learned, 0);
    }

    /// <summary>Whether a warm start has fitted prior means.</summary>
    public bool Warm { get; private set; }

    /// <summary>Standard deviation of a reward around its prediction.</summary>
    public double Residual => Math.Sqrt(_residualSquares / _residualCount);

    /// <summary>Whether an arm's prior comes from the warm start.</summary>
    public bool Informed(int arm) => _arms[arm].Informed;

    /// <summary>What an arm was before drift was found, as long as it may become that again; else null.</summary>
    public ChangePointHypothesis? Former(int arm) => _arms[arm].Former;

    /// <summary>An arm was chosen.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="ordinal">Ordinal of the decision.</param>
    public void Pulled(int arm, long ordinal)
    {
        _ordinal = ordinal;
        _arms[arm].Former?.Pulled(ordinal);
    }

    /// <summary>Predictions for all arms.</summary>
    /// <param name="x">The context.</param>
    /// <param name="quality">Receives q_a.</param>
    /// <param name="variance">Receives the variance of the prediction in units of the residual variance.</param>
    public void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> variance)
    {
        _matrices.Evaluate(x[.._n], quality, variance);
        for (var a = 0; a < _arms.Length; a++)
        {
            quality[a] += Prior(a, x);
            variance[a] = Math.Max(0, variance[a]);
        }

        if (HasCards)
        {
            AddBeliefVariance(x[.._n], variance);
        }
    }

    public void SetArms(ReadOnlySpan<int> previous)
    {
        var arms = new ArmPrior[previous.Length];
        var matrices = new ArmMatrices(_n, previous.Length);
        for (var a = 0; a < arms.Length; a++)
        {
            if (previous[a] >= 0)
            {
                arms[a] = _arms[previous[a]];
                matrices.Copy(a, _matrices, previous[a]);
            }
            else
            {
                arms[a] = New();
                matrices.SetDiagonal(a, _coldPrecision);
            }
        }

        _arms = arms;
        _matrices = matrices;
        MoveCards(previous);
        RefreshPooledArms();
    }

    /// <summary>Sets the prior of every present arm.</summary>
    /// <param name="means">m_a per arm.</param>
    /// <param name="precision">Prior precision over z, packed, shared by all arms.</param>
    /// <param name="residuals">Per arm, standard deviation of a reward around its prediction.</param>
    public void WarmStart(double[][] means, double[] precision, double[] residuals)
    {
        var inverse = PackedMatrix.Invert(precision, _n);
        Warm = true;
        for (var a = 0; a < _arms.Length; a++)
        {
            _arms[a] = new ArmPrior((double[])means[a].Clone(), true)
            {
                Squares = residuals[a] * residuals[a] * ResidualPriorCount,
                Count = ResidualPriorCount,
            };
            _matrices.Set(a, inverse);
        }

        _turns = [];
        _residualSquares = TensorPrimitives.SumOfSquares<double>(residuals) / residuals.Length * ResidualPriorCount;
    }

    /// <summary>Learns from a reward of weight v: P_a^-1 += v z z', b_a += v (r - m_a'x) z. One that replaces another takes that one back.</summary>
    /// <param name="arm">The arm that earned it.</param>
    /// <param name="x">The context.</param>
    /// <param name="reward">The reward.</param>
    /// <param name="previous">The reward that it replaces; NaN for a first one.</param>
    /// <param name="explored">Whether the arm was chosen although another one looked better.</param>
    /// <param name="weight">v, above 0; 0 takes the previous one back and puts nothing in its place.</param>
    /// <param name="previousWeight">Weight of the reward that it replaces.</param>
    public void Learn(
        int arm, ReadOnlySpan<double> x, double reward, double previous, bool explored, double weight = 1, double previousWeight = 1)
    {
        var added = weight;
        var z = x[.._n];
        var open = _matrices.Open(arm, z, _scratch);
        if (double.IsNaN(previous))
        {
            // What the arm has learned from this reward must not soften the verdict on it.
            var changePoints = ChangePoints;
            Watch(arm, x, reward, Prior(arm, x) + _matrices.Dot(arm, z), open.Quadratic, weight, explored);
            open = ChangePoints == changePoints ? open : _matrices.Open(arm, z, _scratch);
            _matrices.Observe(open, weight);
            _matrices.AddToSum(arm, z, weight * (reward - Prior(arm, x)));
        }
        else
        {
            added = weight - previousWeight;
            if (added == 0 || !_matrices.TryReweigh(open, previousWeight, weight))
            {
                // Of equal weight, or the reward was forgotten at a drift alarm: there is no precision to take back.
                _matrices.AddToSum(arm, z, weight * (reward - previous));
            }
            else
            {
                var prior = Prior(arm, x);
                _matrices.AddToSum(arm, z, (weight * (reward - prior)) - (previousWeight * (previous - prior)));
            }
        }

        if (Warm)
        {
            _matrices.Refresh(open);
            return;
        }

        if (added != 0)
        {
            // Nothing is ever forgotten here, so that what is taken back is always there.
            PackedMatrix.AddOuterToInverse(_pooledInverse, z, added, _scratch);
        }

        var pulled = double.IsNaN(previous) ? 0 : previousWeight * (previous - ColdQuality);
        Kernels.MultiplyAdd(z, (weight * (reward - ColdQuality)) - pulled, _pooledSum);
        Pool(arm, z, added);
        if (_ridges is not null && double.IsNaN(previous) && _ridges.Count())
        {
            MoveRidges(_ridges);
        }

        RefreshPooledArms();
    }

    public void Write(StateWriter writer)
    {
        writer.Section("quality");
        writer.Bool(Warm);
        writer.Double(_residualSquares);
        writer.Double(_residualCount);
        writer.Long(_ordinal);
        writer.Doubles(_pooledInverse);
        writer.Doubles(_pooledSum);
        writer.Doubles(_pooled);
        foreach (var arm in _arms)
        {
            writer.Bool(arm.Informed);
            writer.Int(arm.QuizRows);
            writer.Int(arm.SinceAlarm);
            writer.Double(arm.Squares);
            writer.Double(arm.Count);
            writer.Bool(arm.Former is not null);
            arm.Former?.Write(writer);
            arm.Drift.Write(writer);
            writer.Doubles(arm.Mean);
        }

        _matrices.Write(writer);
        _ridges?.Write(writer);
        WriteCards(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("quality");
        Warm = reader.Bool();
        _residualSquares = reader.Double();
        _residualCount = reader.Double();
        _ordinal = reader.Long();
        reader.Doubles(_pooledInverse);
        reader.Doubles(_pooledSum);
        reader.Doubles(_pooled);
        for (var a = 0; a < _arms.Length; a++)
        {
            _arms[a] = _arms[a] with { Informed = reader.Bool() };
            _arms[a].QuizRows = reader.Int();
            _arms[a].SinceAlarm = reader.Int();
            _arms[a].Squares = reader.Double();
            _arms[a].Count = reader.Double();
            _arms[a].Former = reader.Bool() ? ChangePointHypothesis.Read(ref reader, _dimension, _n) : null;
            _arms[a].Drift.Read(ref reader);
            reader.Doubles(_arms[a].Mean);
        }

        _matrices.Read(ref reader);
        _ridges?.Read(ref reader, _coldPrecision);
        ReadCards(ref reader);
        TensorPrimitives.Multiply(_coldPrecision, _pooled, _shared);
    }

    private double Prior(int arm, ReadOnlySpan<double> x) => Kernels.Dot(_arms[arm].Mean, x);

    // A new arm of a warm tenant starts as the mean of the arms that are there; one of a cold tenant, at the pooled estimate.
    private ArmPrior New()
    {
        var mean = new double[_dimension];
        mean[0] = ColdQuality;
        if (Warm && _arms.Length > 0)
        {
            mean[0] = 0;
            for (var a = 0; a < _arms.Length; a++)
            {
                Kernels.MultiplyAdd(_arms[a].Mean, 1.0 / _arms.Length, mean);
                AddTheta(a, 1.0 / _arms.Length, mean);
            }
        }

        return new ArmPrior(mean, false);
    }

    private void AddTheta(int arm, double factor, double[] mean)
    {
        _matrices.Theta(arm, _scratch);
        Kernels.MultiplyAdd(_scratch, factor, mean.AsSpan(0, _n));
    }

    private void RefreshPooledArms()
    {
        if (Warm)
        {
            return;
        }

        if (HasCards)
        {
            RefreshCarded();
            return;
        }

        TensorPrimitives.Multiply(_coldPrecision, _pooled, _shared);
        _matrices.RefreshAll(_shared);
    }
}
