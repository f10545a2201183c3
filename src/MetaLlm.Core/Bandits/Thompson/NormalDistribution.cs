namespace MetaLlm.Core.Bandits.Thompson;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Probability of a value up to z; absolute error below 1e-7 (Abramowitz and Stegun 7.1.26).</summary>
    public static double Cumulative(double z)
    {
        var u = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * u));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = 0.5 * polynomial * Math.Exp(-u * u);
        return z > 0 ? 1 - tail : tail;
    }
}
