using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.Linear;

public sealed class LinearPoliciesTests
{
    private const int Dimension = 4;
    private static readonly ContextBlocks Blocks = new(1, Dimension - 1, 0, 0);

    [Fact]
    public void MetaLlm_2024_scores_the_papers_reward_by_a_dense_solution()
    {
        const double p = 40;
        var driver = new PolicyDriver("metallm-2024", Blocks, 2, new() { ["alpha"] = 0.7, ["gamma"] = 0.95 });
        var a = Matrix<double>.Build.DenseIdentity(Dimension) * 12.94;
        var b = Vector<double>.Build.Dense(Dimension);
        for (ulong i = 0; i < 30; i++)
        {
            var x = PolicyDriver.Context(Dimension, i);
            var reward = CounterRandom.Uniform(4, i);
            driver.Reward(1, x, reward);
            var v = Dense(x);
            a = (0.95 * a) + v.OuterProduct(v);
            b = (0.95 * b) + ((reward - (p * 0.001)) * v);
        }

        var query = PolicyDriver.Context(Dimension, 99);
        var expected = (a.Solve(b) * Dense(query)) + (0.7 * Math.Sqrt(Dense(query) * a.Inverse() * Dense(query)));
        var scores = driver.Decide(query, lambda: p);
        Assert.Equal(expected, scores.Score[1], 1e-9);
        Assert.Equal(1, scores.Propensity[scores.Greedy]);
    }

    [Fact]
    public void MetaLlm_2024_learns_in_the_modes_that_are_switched_on()
    {
        var rows = Enumerable.Range(0, 50).Select(i => (PolicyDriver.Context(Dimension, (ulong)i), new[] { 0.2, 0.8 })).ToArray();
        var x = PolicyDriver.Context(Dimension, 7);
        foreach (var (offline, online) in new[] { (1.0, 1.0), (1.0, 0.0), (0.0, 1.0) })
        {
            var driver = new PolicyDriver("metallm-2024", Blocks, 2, new() { ["offline"] = offline, ["online"] = online, ["alpha"] = 0 });
            driver.WarmStart(rows);
            var warm = driver.Decide(x).Quality[1];
            Assert.Equal(offline > 0, warm > 0.5);
            driver.Reward(1, x, 0);
            Assert.Equal(online > 0, driver.Decide(x).Quality[1] != warm || (offline == 0 && online > 0));
            driver.Reward(1, x, 1);
            Assert.Equal(online > 0, driver.Decide(x).Quality[1] != warm);
        }
    }

    [Fact]
    public void Lin_ts_probability_of_two_arms_is_that_of_their_normal_difference()
    {
        var driver = new PolicyDriver("lin-ts", Blocks, 2, new() { ["scale"] = 0.5 });
        Feed(driver, 2, 25);
        var x = PolicyDriver.Context(Dimension, 42);
        var scores = driver.Decide(x);
        var spread = 0.5 * Math.Sqrt(scores.QualityDeviation.Sum(d => d * d));
        Assert.Equal(Normal.CDF(0, spread, scores.Score[0] - scores.Score[1]), scores.Propensity[0], 1e-3);
    }

    [Fact]
    public void Lin_ts_probabilities_of_four_arms_are_those_of_many_draws()
    {
        var driver = new PolicyDriver("lin-ts", Blocks, 4, new() { ["scale"] = 0.3 });
        Feed(driver, 4, 40);
        var scores = driver.Decide(PolicyDriver.Context(Dimension, 43), feasible: [true, true, false, true]);
        var wins = new double[4];
        const int draws = 100_000;
        for (var i = 0; i < draws; i++)
        {
            var best = Enumerable.Range(0, 4).Where(a => a != 2).MaxBy(a =>
                scores.Score[a] + (0.3 * scores.QualityDeviation[a] * Normal.InvCDF(0, 1, Math.Max(1e-12, CounterRandom.Uniform((ulong)a, (ulong)i)))));
            wins[best] += 1.0 / draws;
        }

        Assert.All(wins.Zip(scores.Propensity), p => Assert.Equal(p.First, p.Second, 0.005));
    }

    [Fact]
    public void SquareCb_weighs_by_inverse_gaps()
    {
        var driver = new PolicyDriver("squarecb", Blocks, 3, new() { ["gammaScale"] = 10, ["gammaExponent"] = 0.5 });
        Feed(driver, 3, 30);
        var scores = driver.Decide(PolicyDriver.Context(Dimension, 44), ordinal: 25);
        var rest = 1.0;
        for (var a = 0; a < 3; a++)
        {
            if (a != scores.Greedy)
            {
                Assert.Equal(1 / (3 + (50 * (scores.Score.Max() - scores.Score[a]))), scores.Propensity[a], 1e-12);
                rest -= scores.Propensity[a];
            }
        }

        Assert.Equal(rest, scores.Propensity[scores.Greedy], 1e-12);
    }

    private static void Feed(PolicyDriver driver, int arms, int count)
    {
        for (var i = 0; i < count; i++)
        {
            driver.Reward(i % arms, PolicyDriver.Context(Dimension, (ulong)i), CounterRandom.Uniform(12, (ulong)i));
        }
    }

    private static Vector<double> Dense(float[] x) => Vector<double>.Build.DenseOfEnumerable(x.Select(v => (double)v));
}
