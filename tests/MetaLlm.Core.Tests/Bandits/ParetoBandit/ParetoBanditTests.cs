using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.ParetoBandit;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.ParetoBandit;

public sealed class ParetoBanditTests
{
    private const int Dimension = 4;
    private static readonly ContextBlocks Blocks = new(1, Dimension - 1, 0, 0);

    [Theory]
    [InlineData(0.1, 0.1, 0)]
    [InlineData(0.5, 1.5, 0.333)]
    [InlineData(1.25, 10, 0.583)]
    [InlineData(0, 0, 0)]
    [InlineData(1000, 1000, 1)]
    public void Prices_are_normalised_as_published(double input, double output, double expected) =>
        Assert.Equal(expected, ParetoBanditPolicy.NormalisedPrice(new Arm { Id = "a", Prices = TokenPrices.PerMillion(input, output) }), 0.0005);

    [Fact]
    public void Scores_are_those_of_a_dense_recomputation_with_forgetting_and_inflation()
    {
        const double gamma = 0.98;
        var driver = new PolicyDriver("paretobandit", Blocks, 2, new() { ["gamma"] = gamma, ["alpha"] = 0.4, ["forcedPulls"] = 0, ["costWeight"] = 0.3 });
        var a = Matrix<double>.Build.DenseIdentity(Dimension);
        var b = Vector<double>.Build.Dense(Dimension);
        var (clock, updated) = (0, 0);
        for (var i = 0; i < 40; i++)
        {
            var x = PolicyDriver.Context(Dimension, (ulong)i);
            driver.Choose(i % 3 == 0 ? 1 : 0);
            clock++;
            if (i % 3 == 0)
            {
                var reward = CounterRandom.Uniform(8, (ulong)i);
                driver.Reward(1, x, reward);
                var forgotten = Math.Pow(gamma, clock - updated);
                updated = clock;
                var v = Dense(x);
                a = (forgotten * a) + v.OuterProduct(v);
                b = (forgotten * b) + (reward * v);
            }
        }

        driver.Choose(0);
        driver.Choose(0);
        clock += 2;
        var query = PolicyDriver.Context(Dimension, 99);
        var inflated = Dense(query) * a.Inverse() * Dense(query) / Math.Pow(gamma, clock - updated);
        var expected = (a.Solve(b) * Dense(query)) + (0.4 * Math.Sqrt(inflated)) - (0.3 * ParetoBanditPolicy.NormalisedPrice(PolicyDriver.Arm(1)));
        Assert.Equal(expected, driver.Decide(query).Score[1], 1e-9);
    }

    [Fact]
    public void A_ridge_that_is_forgotten_is_filled_up()
    {
        var arm = new ParetoArm(2, ridge: 1, clock: 0);
        var scratch = new double[2];
        for (var i = 1; i <= 400; i++)
        {
            arm.Observe([1, 0], 0.5, 0.9, i * 10, 1000, scratch);
        }

        // Never seen: without the floor its variance would have grown by 0.9^-4000.
        Assert.InRange(arm.Variance([0, 1]), 0.9, 11);
        Assert.Equal(0.5, arm.Reward([1, 0]), 0.3);
    }

    [Fact]
    public void The_pacer_moves_as_published()
    {
        var pacer = new LogPricePacer();
        pacer.Observe(0.004, 0.001);
        Assert.Equal(0.05 * 0.15, pacer.Lambda, 1e-12);
        pacer.Observe(0, 0.001);
        Assert.Equal((0.05 * 0.15) + (0.05 * ((1.15 * 0.95) - 1)), pacer.Lambda, 1e-12);
        for (var i = 0; i < 1000; i++)
        {
            pacer.Observe(1, 0.001);
        }

        Assert.Equal(5, pacer.Lambda);
        pacer.Observe(1, double.PositiveInfinity);
        Assert.Equal(0, pacer.Lambda);
    }

    [Fact]
    public void The_ceiling_shuts_out_dear_arms_but_never_the_cheapest()
    {
        var driver = new PolicyDriver("paretobandit", Blocks, 3, new() { ["forcedPulls"] = 0, ["softPenalty"] = 0 }) { Target = 1e-5 };
        var x = PolicyDriver.Context(Dimension, 3);
        for (var i = 0; i < 60; i++)
        {
            driver.Reward(2, x, 1);
            driver.Settle(2, x, usd: 0.01);
        }

        Assert.Equal(0, driver.Decide(x).Greedy);
        Assert.Equal(1, driver.Decide(x, feasible: [false, true, true]).Greedy);
    }

    [Fact]
    public void The_warm_start_counts_for_the_prior_strength_whatever_its_rows()
    {
        var rows = Enumerable.Range(0, 200).Select(i => (PolicyDriver.Context(Dimension, (ulong)i), new[] { 0.3, 0.7 })).ToArray();
        var driver = new PolicyDriver("paretobandit", Blocks, 2, new() { ["priorStrength"] = 50 });
        driver.WarmStart(rows);
        var gram = Matrix<double>.Build.DenseIdentity(Dimension);
        var sum = Vector<double>.Build.Dense(Dimension);
        foreach (var (x, _) in rows)
        {
            gram += 0.25 * Dense(x).OuterProduct(Dense(x));
            sum += 0.25 * 0.7 * Dense(x);
        }

        var query = PolicyDriver.Context(Dimension, 999);
        Assert.Equal(gram.Solve(sum) * Dense(query), driver.Decide(query).Quality[1], 1e-9);
    }

    private static Vector<double> Dense(float[] x) => Vector<double>.Build.DenseOfEnumerable(x.Select(v => (double)v));
}
