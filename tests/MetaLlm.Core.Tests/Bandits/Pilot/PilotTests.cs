using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Pilot;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.Pilot;

public sealed class PilotTests
{
    private const int Dimension = 4;
    private static readonly ContextBlocks Blocks = new(1, Dimension - 1, 0, 0);

    [Theory]
    [InlineData(0, 0.73575888)]
    [InlineData(0.5, 6.06530660)]
    [InlineData(1, 50)]
    public void The_threshold_rises_from_below_the_worst_to_the_best_ratio(double used, double expected) =>
        Assert.Equal(expected, KnapsackBudget.Threshold(used, 2, 50), 1e-7);

    [Fact]
    public void Queries_have_unit_length_and_a_constant_entry()
    {
        var psi = new double[3];
        PilotPolicy.Project([1, 3, 4], psi);
        Assert.All(psi.Zip([1, 0.6, 0.8]), p => Assert.Equal(p.Second * Math.Sqrt(0.5), p.First, 1e-12));
        PilotPolicy.Project([1, 0, 0], psi);
        Assert.All(psi.Zip([1.0, 0, 0]), p => Assert.Equal(p.Second * Math.Sqrt(0.5), p.First, 1e-12));
    }

    [Fact]
    public void Scores_are_the_dense_posterior_around_the_prior()
    {
        var driver = new PolicyDriver("pilot", Blocks, 2, new() { ["alpha"] = 0.3, ["ridge"] = 2 });
        var a = Matrix<double>.Build.DenseIdentity(Dimension) * 2;
        var b = Vector<double>.Build.Dense(Dimension);
        b[0] = 2 * Math.Sqrt(2) / 2;
        for (ulong i = 0; i < 25; i++)
        {
            var x = PolicyDriver.Context(Dimension, i);
            var reward = CounterRandom.Uniform(1, i);
            driver.Reward(0, x, reward);
            a += Psi(x).OuterProduct(Psi(x));
            b += reward * Psi(x);
        }

        var query = PolicyDriver.Context(Dimension, 60);
        var psi = Psi(query);
        var scores = driver.Decide(query);
        Assert.Equal((a.Solve(b) * psi) + (0.3 * Math.Sqrt(psi * a.Inverse() * psi)), scores.Score[0], 1e-9);
        Assert.Equal(0.5, scores.Quality[1], 1e-12);
    }

    [Fact]
    public void Preferences_alone_rank_arms_and_one_line_gives_them_the_scale_of_rewards()
    {
        var queries = Enumerable.Range(0, 600).Select(i => Psi(PolicyDriver.Context(Dimension, (ulong)i)).ToArray()).ToArray();

        // Arm 0 is preferred where psi_1 is positive, arm 1 elsewhere, arm 2 never.
        var rewards = queries.Select(q => new[] { q[1] > 0 ? 0.8 : 0.4, q[1] > 0 ? 0.4 : 0.8, 0.1 }).ToArray();
        var prior = PreferencePrior.Fit(queries, rewards);
        var ranked = queries.Count(q =>
        {
            var value = prior.Select(v => Kernels.Dot(v, q)).ToArray();
            return Array.IndexOf(value, value.Max()) == (q[1] > 0 ? 0 : 1) && value.Min() == value[2];
        });
        Assert.True(ranked > 570, $"{ranked} of 600");
        Assert.Equal(1.3 / 3, queries.Average(q => prior.Average(v => Kernels.Dot(v, q))), 1e-9);
    }

    [Fact]
    public void Equal_rewards_give_a_flat_prior()
    {
        var queries = Enumerable.Range(0, 50).Select(i => Psi(PolicyDriver.Context(Dimension, (ulong)i)).ToArray()).ToArray();
        var prior = PreferencePrior.Fit(queries, [.. queries.Select(_ => new[] { 0.6, 0.6 })]);
        Assert.All(queries, q => Assert.All(prior, v => Assert.Equal(0.6, Kernels.Dot(v, q), 1e-12)));
    }

    [Fact]
    public void A_bin_that_is_spent_leaves_only_what_fits()
    {
        var driver = new PolicyDriver("pilot", Blocks, 3, new() { ["binCalls"] = 10 }) { Target = 0.001 };
        var x = PolicyDriver.Context(Dimension, 5);
        for (var i = 0; i < 30; i++)
        {
            driver.Reward(2, x, 1);
        }

        Assert.Equal(2, driver.Decide(x).Greedy);
        driver.Settle(1, x, usd: 0.0099);
        Assert.Equal(0, driver.Decide(x).Greedy);
        for (var i = 0; i < 9; i++)
        {
            driver.Settle(0, x, usd: 0);
        }

        // A new bin, and with it the old freedom.
        Assert.Equal(2, driver.Decide(x).Greedy);
    }

    private static Vector<double> Psi(float[] x)
    {
        var psi = new double[x.Length];
        PilotPolicy.Project(Array.ConvertAll(x, v => (double)v), psi);
        return Vector<double>.Build.DenseOfArray(psi);
    }
}
