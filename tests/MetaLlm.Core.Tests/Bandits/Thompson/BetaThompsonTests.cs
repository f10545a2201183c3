using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Thompson;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.Thompson;

public sealed class BetaThompsonTests
{
    private static readonly ContextBlocks Blocks = new(1, 0, 2, 0);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.3, 4)]
    [InlineData(17, 3.5)]
    [InlineData(900, 2300)]
    public void The_beta_distribution_is_that_of_an_independent_library(double alpha, double beta)
    {
        var ours = new BetaDistribution(alpha, beta);
        var theirs = new Beta(alpha, beta);
        Assert.Equal(theirs.Mean, ours.Mean, 1e-12);
        Assert.Equal(theirs.StdDev, ours.Deviation, 1e-12);
        foreach (var t in new[] { -0.5, 0, 1e-6, 0.05, 0.27, 0.28, 0.5, 0.9, 0.999, 1, 2 })
        {
            Assert.Equal(t <= 0 ? 0 : t >= 1 ? 1 : theirs.CumulativeDistribution(t), ours.Cumulative(t), 1e-8);
        }

        Assert.Equal(SpecialFunctions.GammaLn(alpha), BetaDistribution.LogGamma(alpha), 1e-8);
    }

    [Fact]
    public void The_normal_distribution_is_that_of_an_independent_library()
    {
        for (var z = -8.0; z <= 8; z += 0.25)
        {
            Assert.Equal(Normal.CDF(0, 1, z), NormalDistribution.Cumulative(z), 1.5e-7);
        }
    }

    [Fact]
    public void Propensities_are_the_probabilities_that_a_posterior_draw_is_the_best()
    {
        var driver = new PolicyDriver("beta-thompson", Blocks, 2);
        float[] x = [1, 1, 0];
        double[][] rewards = [[1, 1, 0, 1], [0, 1, 0]];
        for (var a = 0; a < 2; a++)
        {
            Array.ForEach(rewards[a], r => driver.Reward(a, x, r));
        }

        var expected = Integral(4, 2, 2, 3);
        Assert.Equal(expected, driver.Decide(x).Propensity[0], 2e-3);
    }

    [Fact]
    public void Each_task_has_posteriors_of_its_own()
    {
        var driver = new PolicyDriver("beta-thompson", Blocks, 2);
        float[] first = [1, 1, 0];
        float[] second = [1, 0, 1];
        float[] untagged = [1, 0, 0];
        for (var i = 0; i < 40; i++)
        {
            driver.Reward(0, first, 1);
            driver.Reward(1, first, 0);
            driver.Reward(0, second, 0);
            driver.Reward(1, second, 1);
        }

        Assert.True(driver.Decide(first).Propensity[0] > 0.999);
        Assert.True(driver.Decide(second).Propensity[1] > 0.999);
        Assert.Equal(0.5, driver.Decide(untagged).Propensity[0], 1e-3);
        Assert.Equal(41.0 / 42, driver.Decide(first).Quality[0], 1e-12);
    }

    [Fact]
    public void A_price_shifts_draws_in_dollars()
    {
        var driver = new PolicyDriver("beta-thompson", Blocks, 2);
        float[] x = [1, 1, 0];
        for (var i = 0; i < 30; i++)
        {
            driver.Reward(0, x, i % 2);
            driver.Reward(1, x, 1);
        }

        var free = driver.Decide(x);
        Assert.True(free.Propensity[1] > 0.99);
        var price = 2 * (free.Quality[1] - free.Quality[0]) / (free.CostUsd[1] - free.CostUsd[0]);
        Assert.True(driver.Decide(x, lambda: price).Propensity[0] > 0.99);
    }

    private static double Integral(double a1, double b1, double a2, double b2)
    {
        var (one, two) = (new Beta(a1, b1), new Beta(a2, b2));
        const int steps = 20_000;
        return Enumerable.Range(0, steps).Sum(i => one.Density((i + 0.5) / steps) * two.CumulativeDistribution((i + 0.5) / steps) / steps);
    }
}
