using MetaLlm.Evaluation.Statistics;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Evaluation.Estimation;

/// <summary>
/// Estimates the mean reward of a policy from decisions of another one, with w = target / logging probability of the chosen arm, q the
/// reward model and q(target) its value under the policy: IPS = mean(w r) (Horvitz and Thompson 1952); SNIPS = sum(w r) / sum(w)
/// (Swaminathan and Joachims 2015); DR = mean(q(target) + w (r - q)) (Dudik, Langford and Li 2011); SWITCH-DR = DR without the
/// correction where w exceeds a threshold (Wang, Agarwal and Dudik 2017).
/// </summary>
public static class OffPolicyEstimator
{
    private const double Normal95 = 1.959963984540054;
    private const double Alpha = 0.05;
    private const ulong BootstrapSeed = 17;

    /// <summary>Computes every estimator.</summary>
    /// <param name="samples">Logged decisions in order, at least two; logging probabilities of chosen arms are above 0.</param>
    /// <param name="switchAt">Weight above which SWITCH-DR trusts the model alone; null for the square root of the number of decisions.</param>
    /// <param name="resamples">Bootstrap resamples; 0 for none, then those intervals are the normal ones.</param>
    /// <param name="bounded">Whether rewards lie in [0, 1], which confidence sequences need.</param>
    /// <param name="unexplored">Share of the policy's choices that the log cannot tell about: asymptotic and bootstrap intervals of bounded rewards are widened by it at both ends.</param>
    public static IReadOnlyList<OffPolicyEstimate> Estimate(
        IReadOnlyList<OffPolicySample> samples, double? switchAt = null, int resamples = 1000, bool bounded = true, double unexplored = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, 2);
        var threshold = switchAt ?? Math.Sqrt(samples.Count);
        double[] weights = [.. samples.Select(s => s.Weight)];
        double[] ips = [.. samples.Select(s => s.Weight * s.Reward)];
        double[] dr = [.. samples.Select(s => s.Direct + (s.Weight * (s.Reward - s.Model[s.Arm])))];
        double[] switched = [.. samples.Select((s, i) => weights[i] <= threshold ? dr[i] : s.Direct)];
        var boot = Resample([ips, dr, switched, weights], resamples);
        double[] Ratio(double[] numerators, double[] denominators) => [.. numerators.Zip(denominators, (n, d) => d > 0 ? n / d : 0)];
        OffPolicyEstimate[] estimates =
        [
            Mean("ips", ips, boot[0], bounded ? Sequence(samples, 0) : null),
            SelfNormalised(samples, weights, Ratio(boot[0], boot[3])),
            Mean("dr", dr, boot[1], bounded ? Sequence(samples, 1) : null),
            Mean("switch-dr", switched, boot[2], null),
        ];
        var width = bounded ? unexplored : 0;
        return width > 0 ? [.. estimates.Select(e => e with { Normal = Widen(e.Normal, width), Bootstrap = Widen(e.Bootstrap, width) })] : estimates;
    }

    /// <summary>The anytime-valid interval of the doubly robust estimate, whatever the log explores.</summary>
    /// <param name="samples">Logged decisions in order, at least one.</param>
    public static double[] Interval(IReadOnlyList<OffPolicySample> samples) => Sequence(samples, 1);

    private static double[] Widen(double[] ends, double width) => [ends[0] - width, ends[1] + width];

    private static OffPolicyEstimate Mean(string name, double[] terms, double[] resampled, double[]? anytime)
    {
        var moments = SampleMoments.Of(terms);
        return Result(name, moments.Mean, moments.StandardDeviation / Math.Sqrt(terms.Length), resampled, anytime);
    }

    // Delta method for a ratio of means.
    private static OffPolicyEstimate SelfNormalised(IReadOnlyList<OffPolicySample> samples, double[] weights, double[] resampled)
    {
        var total = weights.Sum();
        var value = total > 0 ? samples.Select((s, i) => weights[i] * s.Reward).Sum() / total : 0;
        var squares = samples.Select((s, i) => weights[i] * (s.Reward - value)).Sum(d => d * d);
        return Result("snips", value, total > 0 ? Math.Sqrt(squares) / total : 0, resampled, null);
    }

    private static OffPolicyEstimate Result(string name, double value, double error, double[] resampled, double[]? anytime)
    {
        double[] normal = [value - (Normal95 * error), value + (Normal95 * error)];
        return new OffPolicyEstimate(name, value, error, normal, resampled.Length > 0 ? Percentile.Of([.. resampled], 0.025, 0.975) : normal, anytime);
    }

    private static double[] Sequence(IReadOnlyList<OffPolicySample> samples, double floor) =>
        EmpiricalBernsteinSequence.Interval(samples, floor, Alpha);

    // One resample draws whole decisions, so that every estimator sees the same ones.
    private static double[][] Resample(double[][] columns, int resamples)
    {
        var n = columns[0].Length;
        double[][] means = [.. columns.Select(_ => new double[resamples])];
        Parallel.For(0, resamples, resample =>
        {
            var stream = CounterRandom.Bits(BootstrapSeed, (ulong)resample);
            var sums = new double[columns.Length];
            for (var i = 0; i < n; i++)
            {
                var drawn = (int)(CounterRandom.Uniform(stream, (ulong)i) * n);
                for (var c = 0; c < sums.Length; c++)
                {
                    sums[c] += columns[c][drawn];
                }
            }

            for (var c = 0; c < sums.Length; c++)
            {
                means[c][resample] = sums[c] / n;
            }
        });
        return means;
    }
}
