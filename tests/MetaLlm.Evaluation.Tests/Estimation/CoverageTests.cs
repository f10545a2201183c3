using MetaLlm.Evaluation.Estimation;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Evaluation.Tests.Estimation;

/// <summary>Intervals hold the truth as often as they claim, on logs of a world whose truth is known.</summary>
public sealed class CoverageTests
{
    private const int Runs = 2000;
    private const int Decisions = 400;

    // Mean reward by kind of query and arm; the logged policy prefers one arm per kind, the other policy another one.
    private static readonly double[][] Reward = [[0.9, 0.6, 0.3], [0.2, 0.5, 0.8]];
    private static readonly double[][] Logging = [[0.6, 0.25, 0.15], [0.2, 0.2, 0.6]];
    private static readonly double[][] Target = [[0.1, 0.8, 0.1], [0.3, 0.6, 0.1]];

    // A model as wrong as models are: it does not know the kind.
    private static readonly double[] Model = [0.6, 0.5, 0.5];

    private static readonly double Truth = 0.5 * Enumerable.Range(0, 2).Sum(k => Enumerable.Range(0, 3).Sum(a => Target[k][a] * Reward[k][a]));

    [Fact]
    public void Asymptotic_intervals_of_ips_snips_and_dr_hold_the_truth_in_93_to_97_percent_of_logs()
    {
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var run = 0; run < Runs; run++)
        {
            foreach (var e in OffPolicyEstimator.Estimate(Log((ulong)run, Decisions), switchAt: double.PositiveInfinity, resamples: 0, bounded: false))
            {
                held[e.Estimator] = held.GetValueOrDefault(e.Estimator) + (e.Normal[0] <= Truth && Truth <= e.Normal[1] ? 1 : 0);
            }
        }

        Assert.All(held, h => Assert.InRange(h.Value / (double)Runs, 0.93, 0.97));
        Assert.Equal(4, held.Count);
    }

    [Fact]
    public void Bootstrap_intervals_hold_it_about_as_often()
    {
        const int runs = 300;
        var held = Enumerable.Range(0, runs).Select(run => OffPolicyEstimator.Estimate(Log((ulong)run, 150), resamples: 300, bounded: false))
            .Count(estimates => estimates[1].Bootstrap is [var low, var high] && low <= Truth && Truth <= high);

        Assert.InRange(held / (double)runs, 0.91, 0.98);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_confidence_sequence_holds_the_truth_at_every_length_at_once(double floor)
    {
        const int runs = 200;
        var missed = 0;
        for (var run = 0; run < runs; run++)
        {
            var log = Log((ulong)run, Decisions);
            var ever = false;
            for (var length = 10; length <= Decisions && !ever; length += 10)
            {
                var ends = EmpiricalBernsteinSequence.Interval(log[..length], floor, 0.05);
                ever = Truth < ends[0] || ends[1] < Truth;
            }

            missed += ever ? 1 : 0;
        }

        Assert.InRange(missed, 0, runs / 20);
    }

    [Fact]
    public void A_confidence_sequence_closes_in_on_the_truth()
    {
        double Width(int decisions) => EmpiricalBernsteinSequence.Interval(Log(7, decisions), 1, 0.05) is [var low, var high] ? high - low : 1;

        Assert.True(Width(400) < 0.75 * Width(100));
        Assert.True(Width(20_000) < 0.07, $"{Width(20_000)}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_probability_of_a_miss_that_is_none_is_refused(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EmpiricalBernsteinSequence.Interval(Log(1, 10), 0, alpha));

    private static OffPolicySample[] Log(ulong run, int decisions)
    {
        var stream = CounterRandom.Bits(41, run);
        return [.. Enumerable.Range(0, decisions).Select(i =>
        {
            double Uniform(ulong purpose) => CounterRandom.Uniform(CounterRandom.Bits(stream, purpose), (ulong)i);
            var kind = Uniform(0) < 0.5 ? 0 : 1;
            var draw = Uniform(1);
            var arm = draw < Logging[kind][0] ? 0 : draw < Logging[kind][0] + Logging[kind][1] ? 1 : 2;
            return new OffPolicySample(arm, Uniform(2) < Reward[kind][arm] ? 1 : 0, Logging[kind], Target[kind], Model);
        })];
    }
}
