using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Estimation;

/// <summary>How well a log supports a policy.</summary>
/// <param name="EffectiveSampleSize">(sum w)^2 / sum w^2 (Kish 1965): how many decisions of the policy itself the log is worth.</param>
/// <param name="Mean">Mean weight; 1 in expectation, so that a value far from it says that logged probabilities are wrong or support is missing.</param>
/// <param name="MeanStandardError">Standard error of that mean.</param>
/// <param name="P99">99th percentile of the weights.</param>
/// <param name="Largest">Largest weight.</param>
/// <param name="LargestShare">Share of the sum of weights that the largest one has.</param>
/// <param name="ZeroShare">Share of decisions whose weight is 0: the policy would never have done what was done.</param>
/// <param name="UnsupportedMass">Mean probability that the policy gives to arms which the log never chooses there.</param>
public sealed record WeightDiagnostics(
    double EffectiveSampleSize,
    double Mean,
    double MeanStandardError,
    double P99,
    double Largest,
    double LargestShare,
    double ZeroShare,
    double UnsupportedMass)
{
    /// <summary>Computes all of them.</summary>
    /// <param name="samples">At least one.</param>
    public static WeightDiagnostics Of(IReadOnlyList<OffPolicySample> samples)
    {
        double[] weights = [.. samples.Select(s => s.Weight)];
        var sum = weights.Sum();
        var squares = weights.Sum(w => w * w);
        var moments = SampleMoments.Of(weights);
        var largest = weights.Max();
        return new WeightDiagnostics(
            squares > 0 ? sum * sum / squares : 0,
            moments.Mean,
            moments.StandardDeviation / Math.Sqrt(weights.Length),
            Percentile.Of([.. weights], 0.99)[0],
            largest,
            sum > 0 ? largest / sum : 0,
            weights.Count(w => w == 0) / (double)weights.Length,
            samples.Average(s => s.UnsupportedMass));
    }
}
