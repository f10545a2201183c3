using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// What a quiz says of an arm: Bayesian regression of the arm's rewards less what is believed of it, r = beta h + sum_j w_j d_j'x + g'z + e.
/// The d_j are the few directions in which arms are known to differ, z is what online rewards may correct, and h is how much better than believed other
/// arms answered the same query: known luck of the draw of queries, taken out as a control variate. All variances are in units of that of e.
/// </summary>
internal sealed class ArmIdentity
{
    private readonly double[][] _directions;
    private readonly int _n;
    private readonly double[] _mean;
    private readonly double[] _covariance;
    private readonly double[] _phi;
    private readonly double[] _gain;

    /// <summary>The prior: beta, w and g are independent, of mean 0.</summary>
    /// <param name="directions">d_j, coefficients over x.</param>
    /// <param name="variances">Variance of each w_j, above 0.</param>
    /// <param name="helpVariance">Variance of beta, above 0.</param>
    /// <param name="inverse">Covariance of g, packed.</param>
    /// <param name="n">Length of z, the first entries of x.</param>
    public ArmIdentity(double[][] directions, double[] variances, double helpVariance, ReadOnlySpan<double> inverse, int n)
    {
        _directions = directions;
        _n = n;
        var first = directions.Length + 1;
        var p = first + n;
        _mean = new double[p];
        _phi = new double[p];
        _gain = new double[p];
        _covariance = PackedMatrix.Diagonal([helpVariance, .. variances, .. new double[n]]);
        for (int i = 0, e = 0; i < n; e += ++i)
        {
            inverse.Slice(e, i + 1).CopyTo(_covariance.AsSpan(PackedMatrix.Length(first + i) + first));
        }
    }

    /// <summary>Squared residuals of the rewards before they were learned from, as predictions for traffic would have missed them, in units of their spread.</summary>
    public double Squares { get; private set; }

    /// <summary>Takes in an answer.</summary>
    /// <param name="x">The context.</param>
    /// <param name="surprise">The reward less what was believed before the quiz.</param>
    /// <param name="help">h; 0 where nothing is known of other arms.</param>
    public void Observe(ReadOnlySpan<double> x, double surprise, double help)
    {
        for (var j = 0; j < _directions.Length; j++)
        {
            _phi[j + 1] = Kernels.Dot(_directions[j], x);
        }

        x[.._n].CopyTo(_phi.AsSpan(_directions.Length + 1));

        // Traffic comes without help.
        _phi[0] = 0;
        var unaided = surprise - Kernels.Dot(_phi, _mean);
        Squares += unaided * unaided / (1 + Math.Max(0, PackedMatrix.Quadratic(_covariance, _phi)));

        _phi[0] = help;
        var error = surprise - Kernels.Dot(_phi, _mean);
        PackedMatrix.Multiply(_covariance, _phi, _gain);
        var spread = 1 + Kernels.Dot(_phi, _gain);
        Kernels.MultiplyAdd(_gain, error / spread, _mean);
        PackedMatrix.AddOuter(_covariance, _gain, -1 / spread);
    }

    /// <summary>Adds what the quiz has changed to coefficients over x.</summary>
    public void AddTo(double[] theta)
    {
        for (var j = 0; j < _directions.Length; j++)
        {
            Kernels.MultiplyAdd(_directions[j], _mean[j + 1], theta);
        }

        Kernels.MultiplyAdd(_mean.AsSpan(_directions.Length + 1), 1, theta.AsSpan(0, _n));
    }

    /// <summary>Covariance of the coefficients of z, packed: what the directions leave open counts where they touch z.</summary>
    public double[] Inverse()
    {
        var first = _directions.Length + 1;
        var inverse = new double[PackedMatrix.Length(_n)];
        for (int i = 0, e = 0; i < _n; i++)
        {
            for (var k = 0; k <= i; k++, e++)
            {
                inverse[e] = Entry(first + i, first + k);
                for (var j = 1; j < first; j++)
                {
                    var (di, dk) = (_directions[j - 1][i], _directions[j - 1][k]);
                    inverse[e] += (di * Entry(j, first + k)) + (dk * Entry(j, first + i));
                    for (var l = 1; l < first; l++)
                    {
                        inverse[e] += di * _directions[l - 1][k] * Entry(j, l);
                    }
                }
            }
        }

        return inverse;
    }

    private double Entry(int i, int j) => i >= j ? _covariance[PackedMatrix.Length(i) + j] : _covariance[PackedMatrix.Length(j) + i];
}
