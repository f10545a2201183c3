using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.LlmBandit;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.LlmBandit;

public sealed class LlmBanditTests
{
    private const int Dimension = 5;
    private static readonly ContextBlocks Blocks = new(1, Dimension - 1, 0, 0);

    [Fact]
    public void A_fitted_identity_is_where_the_penalised_likelihood_is_flat()
    {
        var z = Enumerable.Range(0, 80).Select(i => new[] { 1.0, (2 * CounterRandom.Uniform(1, (ulong)i)) - 1 }).ToArray();
        var rewards = Enumerable.Range(0, 80).Select(i => CounterRandom.Uniform(2, (ulong)i) < 1 / (1 + Math.Exp(-1 - (2 * z[i][1]))) ? 1.0 : 0).ToArray();
        var identity = ModelIdentity.Fit(z, rewards);
        for (var j = 0; j < 2; j++)
        {
            var slope = -identity.Vector[j] + z.Select((v, i) => v[j] * (rewards[i] - identity.Predict(v))).Sum();
            Assert.Equal(0, slope, 1e-7);
        }

        Assert.True(identity.Vector[1] > 0.8);
    }

    [Fact]
    public void One_reward_moves_an_identity_by_one_newton_step()
    {
        var identity = new ModelIdentity([0, 0], PackedMatrix.Diagonal([1, 1]));
        double[] z = [1, 2];
        identity.Observe(z, 1);

        // Precision I + zz' / 4, gradient z / 2: the mean is z / 2 / (1 + 5 / 4).
        Assert.Equal(0.5 / 2.25, identity.Vector[0], 1e-12);
        Assert.Equal(1 / 2.25, identity.Vector[1], 1e-12);
        var dense = (Matrix<double>.Build.DenseIdentity(2) + (0.25 * Vector<double>.Build.DenseOfArray(z).OuterProduct(Vector<double>.Build.DenseOfArray(z)))).Inverse();
        var v = Vector<double>.Build.DenseOfArray(z);
        var p = identity.Predict(z);
        Assert.Equal(p * (1 - p) * Math.Sqrt(v * dense * v), identity.Deviation(z), 1e-12);
    }

    [Fact]
    public void Difficulties_of_a_quiz_are_uncorrelated_and_of_variance_one()
    {
        var (map, contexts) = Quiz(out _);
        var z = contexts.Select(x => map.Of(x).ToArray()).ToArray();
        for (var i = 1; i <= 2; i++)
        {
            for (var j = 1; j <= 2; j++)
            {
                Assert.Equal(i == j ? 1 : 0, z.Average(v => v[i] * v[j]), 1e-6);
            }
        }

        Assert.All(z, v => Assert.Equal(0, v[4]));
    }

    [Fact]
    public void A_new_model_is_placed_by_a_few_outcomes()
    {
        var driver = new PolicyDriver("llm-bandit", Blocks, 3);
        driver.WarmStart(Rows());
        driver.SetArms([PolicyDriver.Arm(0), PolicyDriver.Arm(1), PolicyDriver.Arm(2), PolicyDriver.Arm(8)]);
        for (var i = 0; i < 40; i++)
        {
            var x = PolicyDriver.Context(Dimension, 9000 + (ulong)i);
            driver.Reward(3, x, Truth(x, 1));
        }

        var error = Enumerable.Range(0, 100).Average(i =>
        {
            var x = PolicyDriver.Context(Dimension, 20_000 + (ulong)i);
            return Math.Abs(driver.Decide(x).Quality[3] - Truth(x, 1));
        });
        Assert.True(error < 0.08, $"mean error {error:F3}");
    }

    [Fact]
    public void The_dial_moves_the_choice_from_the_best_to_the_cheapest()
    {
        var driver = new PolicyDriver("llm-bandit", Blocks, 3);
        driver.WarmStart(Rows());
        var x = Enumerable.Range(0, 100).Select(i => PolicyDriver.Context(Dimension, (ulong)i)).MaxBy(c => Truth(c, 2) - Math.Max(Truth(c, 0), Truth(c, 1)))!;
        Assert.Equal(2, driver.Decide(x).Greedy);
        Assert.Equal(0, driver.Decide(x, lambda: 1e4).Greedy);
        Assert.Equal(2, driver.Decide(x, lambda: 1e4, quality: 1e3).Greedy);
        var scores = driver.Decide(x, lambda: 100);
        Assert.Equal(Math.Exp((scores.Score[0] - scores.Score[2]) / 0.01), scores.Propensity[0] / scores.Propensity[2], 1e-9);
    }

    private static double Truth(float[] x, int arm) => 1 / (1 + Math.Exp(-(arm == 0 ? x[1] : arm == 1 ? -x[1] + x[2] : 0.5 + x[2])));

    private static (float[] X, double[] Rewards)[] Rows() =>
    [
        .. Enumerable.Range(0, 400).Select(i => PolicyDriver.Context(Dimension, (ulong)i)).Select(x => (x, new[] { Truth(x, 0), Truth(x, 1), Truth(x, 2) })),
    ];

    private static (DifficultyMap Map, double[][] Contexts) Quiz(out (float[] X, double[] Rewards)[] rows)
    {
        rows = Rows();
        var contexts = rows.Select(r => Array.ConvertAll(r.X, v => (double)v)).ToArray();
        var map = new DifficultyMap(Dimension, 5);
        map.Fit([.. rows.Select(r => new WarmStartRow(r.X, 1, r.Rewards, [], [], []))], contexts);
        return (map, contexts);
    }
}
