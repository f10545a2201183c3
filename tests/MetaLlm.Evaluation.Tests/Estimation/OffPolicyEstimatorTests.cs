using MetaLlm.Evaluation.Estimation;

namespace MetaLlm.Evaluation.Tests.Estimation;

public sealed class OffPolicyEstimatorTests
{
    // Two decisions over two arms; weights 0.9 / 0.5 = 1.8 and 0.1 / 0.25 = 0.4.
    private static readonly OffPolicySample[] Two =
    [
        new(0, 1, [0.5, 0.5], [0.9, 0.1], [0.6, 0.2]),
        new(1, 0.5, [0.75, 0.25], [0.9, 0.1], [0.6, 0.2]),
    ];

    [Fact]
    public void Every_estimator_is_what_can_be_computed_by_hand()
    {
        var estimates = Values(OffPolicyEstimator.Estimate(Two, switchAt: 1, resamples: 0));

        var direct = (0.9 * 0.6) + (0.1 * 0.2);
        Assert.Equal((1.8 + 0.2) / 2, estimates["ips"], 12);
        Assert.Equal(2.0 / 2.2, estimates["snips"], 12);
        Assert.Equal(direct + (((1.8 * 0.4) + (0.4 * 0.3)) / 2), estimates["dr"], 12);
        Assert.Equal(direct + (0.4 * 0.3 / 2), estimates["switch-dr"], 12);
    }

    [Fact]
    public void Standard_errors_are_those_of_the_terms()
    {
        var ips = OffPolicyEstimator.Estimate(Two, resamples: 0)[0];

        // Terms 1.8 and 0.2: standard deviation 0.8 * sqrt 2, over sqrt 2.
        Assert.Equal(0.8, ips.StandardError, 12);
        Assert.Equal(1 - (1.959963984540054 * 0.8), ips.Normal[0], 12);
    }

    [Fact]
    public void A_perfect_model_leaves_the_doubly_robust_estimate_without_any_variance()
    {
        OffPolicySample[] samples = [.. Enumerable.Range(0, 50).Select(i => new OffPolicySample(i % 2, i % 2 == 0 ? 0.8 : 0.3, [0.5, 0.5], [0.2, 0.8], [0.8, 0.3]))];

        var dr = OffPolicyEstimator.Estimate(samples, resamples: 100).Single(e => e.Estimator == "dr");

        Assert.Equal((0.2 * 0.8) + (0.8 * 0.3), dr.Value, 12);
        Assert.Equal(0, dr.StandardError, 12);
        Assert.Equal(dr.Value, dr.Bootstrap[0], 12);
    }

    [Fact]
    public void The_logged_policy_itself_has_weights_of_one_and_its_own_mean()
    {
        OffPolicySample[] samples = [.. Enumerable.Range(0, 40).Select(i => new OffPolicySample(i % 2, i % 4 / 4.0, [0.3, 0.7], [0.3, 0.7], [0.5, 0.5]))];

        Assert.All(Values(OffPolicyEstimator.Estimate(samples, resamples: 0)), e => Assert.Equal(samples.Average(s => s.Reward), e.Value, 12));
        var weights = WeightDiagnostics.Of(samples);
        Assert.Equal(40, weights.EffectiveSampleSize, 9);
        Assert.Equal(1, weights.Mean, 12);
        Assert.Equal(1.0 / 40, weights.LargestShare, 12);
    }

    [Fact]
    public void Diagnostics_tell_what_the_log_is_worth()
    {
        var weights = WeightDiagnostics.Of([.. Two, new OffPolicySample(1, 1, [1e-3, 1], [0.5, 0], [0.5, 0.5]), new OffPolicySample(1, 1, [0, 1], [0.4, 0.6], [0.5, 0.5])]);

        Assert.Equal(2.8 * 2.8 / ((1.8 * 1.8) + (0.4 * 0.4) + (0.6 * 0.6)), weights.EffectiveSampleSize, 12);
        Assert.Equal(0.25, weights.ZeroShare, 12);
        Assert.Equal(1.8, weights.Largest, 12);
        Assert.Equal(0.1, weights.UnsupportedMass, 12);
    }

    [Fact]
    public void Equal_logs_give_equal_intervals()
    {
        var first = OffPolicyEstimator.Estimate(Two, resamples: 200);
        var second = OffPolicyEstimator.Estimate(Two, resamples: 200);

        Assert.Equal(first.Select(e => e.Bootstrap[0]), second.Select(e => e.Bootstrap[0]));
        Assert.Equal(first.Select(e => e.Bootstrap[1]), second.Select(e => e.Bootstrap[1]));
    }

    [Fact]
    public void A_single_decision_is_no_sample() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OffPolicyEstimator.Estimate(Two[..1]));

    private static Dictionary<string, double> Values(IReadOnlyList<OffPolicyEstimate> estimates) => estimates.ToDictionary(e => e.Estimator, e => e.Value);
}
