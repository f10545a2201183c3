using MetaLlm.Core.Bandits.Thompson;

namespace MetaLlm.Core.Judging;

/// <summary>
/// Prediction-powered inference of a mean reward (Angelopoulos et al. 2023, arXiv 2301.09633; PPI++, arXiv 2311.01453): verdicts on many answers, corrected by people's rewards on a few.
/// </summary>
/// <remarks>
/// <para>mean = t mean_U(f) + mean_L(y - t f), with L the answers that have both and U those that have a verdict alone. Whatever the judge is worth, the estimate is that of people's rewards, and its interval
/// covers; a good judge makes it narrow. t = Cov(mean_L y, mean_L f) / (Var(mean_L f) + Var(mean_U f)), clipped to [0, 1], makes it narrowest.</para>
/// <para>It needs that people rate at random among the judged answers. Weights are those of <see cref="VerdictMoments"/>.</para>
/// </remarks>
public static class PredictionPowered
{
    // One observation more at the largest variance there is: five equal rewards do not prove that all are equal.
    private const double PriorVariation = 0.25;

    /// <summary>The mean reward.</summary>
    /// <param name="labelled">Answers with a verdict and a person's reward.</param>
    /// <param name="unlabelled">Other answers with a verdict alone.</param>
    /// <param name="confidence">How often the interval is to cover, above 0.5 and below 1.</param>
    /// <param name="factor">How much verdicts count, 0 to 1; null for the factor that makes the interval narrowest.</param>
    /// <returns>Mean and interval within 0 to 1; NaN within (0, 1) with fewer than two people's rewards.</returns>
    public static PoweredEstimate Mean(VerdictMoments labelled, VerdictMoments unlabelled, double confidence = 0.95, double? factor = null)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        ArgumentNullException.ThrowIfNull(unlabelled);
        if (labelled.Count < 2)
        {
            return new PoweredEstimate(double.NaN, 0, 1, 0);
        }

        var (y, f) = (labelled.MeanReward, labelled.MeanVerdict);
        var (ofRewards, ofVerdicts, between) = Variances(labelled);
        var ofUnlabelled = unlabelled.Count < 2 ? double.PositiveInfinity : Variances(unlabelled).OfVerdicts;
        var t = double.IsInfinity(ofUnlabelled) ? 0 : Math.Clamp(factor ?? (between / (ofVerdicts + ofUnlabelled)), 0, 1);
        var mean = t == 0 ? y : (t * unlabelled.MeanVerdict) + y - (t * f);
        var prior = PriorVariation / (labelled.EffectiveCount * labelled.EffectiveCount);
        var variance = Math.Max(0, ofRewards - (2 * t * between) + (t * t * ofVerdicts)) + prior + (t == 0 ? 0 : t * t * ofUnlabelled);
        var half = Quantile(confidence, labelled.EffectiveCount - 1) * Math.Sqrt(variance);
        return new PoweredEstimate(Math.Clamp(mean, 0, 1), Math.Clamp(mean - half, 0, 1), Math.Clamp(mean + half, 0, 1), t);
    }

    /// <summary>The mean of verdict - reward, and the variance of that mean.</summary>
    /// <param name="labelled">Answers with both.</param>
    /// <returns>NaN and infinity with fewer than two.</returns>
    internal static (double Mean, double Variance) Bias(VerdictMoments labelled)
    {
        if (labelled.Count < 2)
        {
            return (double.NaN, double.PositiveInfinity);
        }

        var (ofRewards, ofVerdicts, between) = Variances(labelled);
        var prior = PriorVariation / (labelled.EffectiveCount * labelled.EffectiveCount);
        return (labelled.MeanVerdict - labelled.MeanReward, Math.Max(0, ofRewards - (2 * between) + ofVerdicts) + prior);
    }

    /// <summary>The two-sided quantile of Student's t, by Cornish and Fisher's expansion about the normal one; within 1 % from three degrees of freedom on.</summary>
    internal static double Quantile(double confidence, double freedom)
    {
        if (!(confidence > 0.5 && confidence < 1))
        {
            throw new ArgumentException($"The confidence is {confidence}; it must be above 0.5 and below 1.", nameof(confidence));
        }

        var z = NormalQuantile(0.5 + (confidence / 2));
        var v = Math.Max(1, freedom);
        var (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z);
        return z + ((z3 + z) / (4 * v)) + (((5 * z5) + (16 * z3) + (3 * z)) / (96 * v * v)) + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * z)) / (384 * v * v * v));
    }

    /// <summary>Variances of the weighted means of rewards and verdicts, and their covariance.</summary>
    private static (double OfRewards, double OfVerdicts, double Between) Variances(VerdictMoments of)
    {
        var (f, y, n) = (of.MeanVerdict, of.MeanReward, Math.Max(2, of.EffectiveCount));
        var scale = n / (n - 1) / (of.First.W * of.First.W);
        return (of.Second.VariationY(y) * scale, of.Second.VariationF(f) * scale, of.Second.Covariation(f, y) * scale);
    }

    // Newton's method on the normal distribution function, from a start that is right to two digits.
    internal static double NormalQuantile(double p)
    {
        var z = p == 0.5 ? 0 : (Math.Pow(p, 0.135) - Math.Pow(1 - p, 0.135)) / 0.1975;
        for (var i = 0; i < 4; i++)
        {
            z -= (NormalDistribution.Cumulative(z) - p) / (Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI));
        }

        return z;
    }
}
