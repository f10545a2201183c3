namespace MetaLlm.Core.Bandits.Thompson;

/// <summary>A Beta distribution, prepared for many evaluations of its distribution function.</summary>
/// <param name="alpha">First shape, above 0.</param>
/// <param name="beta">Second shape, above 0.</param>
internal readonly struct BetaDistribution(double alpha, double beta)
{
    private const int MaximumTerms = 500;
    private const double Precision = 1e-10;
    private const double Tiny = 1e-300;

    private readonly double _logBeta = LogGamma(alpha) + LogGamma(beta) - LogGamma(alpha + beta);

    public double Mean => alpha / (alpha + beta);

    public double Deviation => Math.Sqrt(alpha * beta / (alpha + beta + 1)) / (alpha + beta);

    /// <summary>Probability of a value up to t: the regularised incomplete beta function by its continued fraction (DLMF 8.17.22).</summary>
    public double Cumulative(double t)
    {
        if (!(t > 0))
        {
            return 0;
        }

        if (t >= 1)
        {
            return 1;
        }

        // The fraction converges fast below the mean; above it the mirrored distribution is used.
        var front = Math.Exp((alpha * Math.Log(t)) + (beta * Math.Log(1 - t)) - _logBeta);
        return t < (alpha + 1) / (alpha + beta + 2)
            ? Math.Min(1, front * Fraction(alpha, beta, t) / alpha)
            : Math.Max(0, 1 - (front * Fraction(beta, alpha, 1 - t) / beta));
    }

    /// <summary>ln Gamma(z) for z above 0: Stirling's series after shifting z beyond 10; absolute error below 1e-10.</summary>
    internal static double LogGamma(double z)
    {
        var shift = 0.0;
        while (z < 10)
        {
            shift += Math.Log(z);
            z++;
        }

        var inverse = 1 / z;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return ((z - 0.5) * Math.Log(z)) - z + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }

    // Modified Lentz evaluation.
    private static double Fraction(double a, double b, double t)
    {
        var c = 1.0;
        var d = 1 / Away(1 - ((a + b) * t / (a + 1)));
        var value = d;
        for (var m = 1; m <= MaximumTerms; m++)
        {
            var even = m * (b - m) * t / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * t / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
            {
                break;
            }
        }

        return value;
    }

    private static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
