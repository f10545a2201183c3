using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.LlmBandit;

/// <summary>
/// Identity vector I_k of one arm with its uncertainty: Bayesian logistic regression on difficulties by Laplace's approximation, one Newton
/// step a reward (an extended Kalman filter).
/// </summary>
internal sealed class ModelIdentity
{
    private const int NewtonSteps = 12;
    private const double LargestLogit = 12;
    private const double SmallestCurvature = 0.01;

    private readonly double[] _mean;
    private readonly double[] _work;
    private readonly double[] _covariance;

    /// <param name="mean">Prior mean.</param>
    /// <param name="covariance">Prior covariance, packed.</param>
    public ModelIdentity(double[] mean, double[] covariance)
    {
        _mean = mean;
        _covariance = covariance;
        _work = new double[mean.Length];
    }

    public ReadOnlySpan<double> Vector => _mean;

    /// <summary>Probability of a reward, sigma(I'z).</summary>
    public double Predict(ReadOnlySpan<double> z) => Sigmoid(Kernels.Dot(_mean, z));

    /// <summary>Standard deviation of that probability.</summary>
    public double Deviation(ReadOnlySpan<double> z)
    {
        var p = Predict(z);
        return p * (1 - p) * Math.Sqrt(Math.Max(0, PackedMatrix.Quadratic(_covariance, z)));
    }

    public void Observe(ReadOnlySpan<double> z, double reward)
    {
        var p = Predict(z);
        PackedMatrix.AddOuterToInverse(_covariance, z, Math.Max(SmallestCurvature, p * (1 - p)), _work);
        Move(z, reward - p);
    }

    /// <summary>Moves the mean by covariance * z * error.</summary>
    public void Move(ReadOnlySpan<double> z, double error)
    {
        PackedMatrix.Multiply(_covariance, z, _work);
        Kernels.MultiplyAdd(_work, error, _mean);
    }

    /// <summary>Fits to many rewards at once: Newton's method on the penalised likelihood, prior N(0, I).</summary>
    public static ModelIdentity Fit(double[][] difficulties, double[] rewards)
    {
        var n = difficulties[0].Length;
        var mean = new double[n];
        var precision = new double[PackedMatrix.Length(n)];
        var gradient = new double[n];
        var ones = new double[n];
        Array.Fill(ones, 1);
        for (var step = 0; step < NewtonSteps; step++)
        {
            PackedMatrix.Diagonal(ones).CopyTo(precision, 0);
            for (var j = 0; j < n; j++)
            {
                gradient[j] = -mean[j];
            }

            for (var i = 0; i < difficulties.Length; i++)
            {
                var p = Sigmoid(Kernels.Dot(mean, difficulties[i]));
                PackedMatrix.AddOuter(precision, difficulties[i], Math.Max(SmallestCurvature, p * (1 - p)));
                Kernels.MultiplyAdd(difficulties[i], rewards[i] - p, gradient);
            }

            var factor = (double[])precision.Clone();
            PackedMatrix.Cholesky(factor, n);
            PackedMatrix.Solve(factor, gradient);
            Kernels.MultiplyAdd(gradient, 1, mean);
        }

        return new ModelIdentity(mean, PackedMatrix.Invert(precision, n));
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_mean);
        writer.Doubles(_covariance);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_mean.AsSpan());
        reader.Doubles(_covariance.AsSpan());
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-Math.Clamp(logit, -LargestLogit, LargestLogit)));
}
