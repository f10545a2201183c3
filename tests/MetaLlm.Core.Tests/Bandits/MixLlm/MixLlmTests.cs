using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.MixLlm;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.MixLlm;

public sealed class MixLlmTests
{
    private const int Dimension = 6;
    private static readonly ContextBlocks Blocks = new(1, 1, 2, 2);

    [Fact]
    public void The_meta_decision_is_that_of_a_dense_recomputation()
    {
        var driver = new PolicyDriver("mixllm", Blocks, 2, new() { ["tagPull"] = 0, ["uncertainty"] = 0.05, ["penalty"] = 0.1, ["waitingLimit"] = 1 });
        var a = Matrix<double>.Build.DenseIdentity(Dimension) * 10;
        var b = Vector<double>.Build.Dense(Dimension);
        b[0] = 10 * 0.5;
        for (ulong i = 0; i < 30; i++)
        {
            var x = PolicyDriver.Context(Dimension, i);
            driver.Reward(1, x, CounterRandom.Uniform(1, i));
            a += Dense(x).OuterProduct(Dense(x));
            b += CounterRandom.Uniform(1, i) * Dense(x);
        }

        var query = PolicyDriver.Context(Dimension, 99);
        var scores = driver.Decide(query, lambda: 200);
        var willingness = 1 / (200 * scores.CostUsd.Max());
        var trade = ((willingness * (a.Solve(b) * Dense(query))) - (scores.CostUsd[1] / scores.CostUsd.Max())) / (1 + willingness);
        var expected = trade + (0.05 * (Dense(query) * a.Inverse() * Dense(query))) - (0.1 * Math.Exp(scores.LatencySeconds[1] - 1));
        Assert.Equal(expected, scores.Score[1], 1e-9);
    }

    [Fact]
    public void A_tagged_query_is_pulled_to_its_tags_centroid_and_an_untagged_one_to_the_nearest_cluster()
    {
        var tags = new DomainTags(new PolicySetup(Dimension, Blocks, 0, new Dictionary<string, double>()), 2, pull: 0.5);
        for (var i = 0; i < 20; i++)
        {
            tags.Observe([1, 0, 1, 0, 2, 0]);
            tags.Observe([1, 0, 0, 0, -2, 0]);
        }

        // Twenty queries in the domain against a prior of twenty: half the pull is effective.
        Assert.Equal([1, 0, 1, 0, 0.5, 3], tags.Enhance([1, 0, 1, 0, 0, 4]).ToArray());
        Assert.Equal([1, 7, 0, 0, -1.25, 0], tags.Enhance([1, 7, 0, 0, -1, 0]).ToArray());

        // A tag that was never seen falls back to the clusters.
        Assert.Equal([1, 0, 0, 1, 1.25, 0], tags.Enhance([1, 0, 0, 1, 1, 0]).ToArray());
    }

    [Fact]
    public void The_feedback_network_steps_along_the_gradient_of_the_log_policy()
    {
        double[] x = [1, 0.4, -0.7, 0.2, 0.9, -0.3];
        const double tiny = 1e-5;
        var network = TrainedNetwork();
        network.Forward(x);
        var before = Math.Log(network.Score(1) + (1.0 / 3));
        network.Correct(x, 1, 1, tiny);
        network.Forward(x);
        var along = (Math.Log(network.Score(1) + (1.0 / 3)) - before) / tiny;

        // A gradient step raises the objective by its squared length; doubling the step doubles the rise, and the opposite step undoes it.
        Assert.True(along > 0.5);
        network.Correct(x, 1, -1, tiny);
        network.Forward(x);
        Assert.Equal(before, Math.Log(network.Score(1) + (1.0 / 3)), 1e-8);
    }

    [Fact]
    public void Binary_feedback_teaches_without_touching_the_predictors()
    {
        var driver = new PolicyDriver("mixllm", Blocks, 3, new() { ["binary"] = 1, ["feedbackRate"] = 0.1 });
        var x = PolicyDriver.Context(Dimension, 3);
        var untrained = driver.Decide(x).Quality;
        Assert.All(untrained, q => Assert.Equal(0.5, q, 1e-12));
        for (var i = 0; i < 300; i++)
        {
            driver.Reward(i % 3, x, i % 3 == 1 ? 0.9 : 0.2);
        }

        var trained = driver.Decide(x).Quality;
        Assert.True(trained[1] > 0.6, $"{trained[1]}");
        Assert.True(trained[0] < 0.5 && trained[2] < 0.5);
    }

    [Fact]
    public void Feedback_on_the_same_side_of_satisfaction_changes_nothing_when_corrected()
    {
        var driver = new PolicyDriver("mixllm", Blocks, 2, new() { ["binary"] = 1 });
        var x = PolicyDriver.Context(Dimension, 3);
        driver.Reward(0, x, 0.1);
        var before = driver.Decide(x).Quality;
        driver.Reward(0, x, 0.6, previous: 0.1);
        Assert.Equal(before, driver.Decide(x).Quality);
        driver.Reward(0, x, 0.8, previous: 0.6);
        Assert.True(driver.Decide(x).Quality[0] > before[0]);
    }

    private static FeedbackNetwork TrainedNetwork()
    {
        var network = new FeedbackNetwork(Dimension);
        network.SetArms([-1, -1, -1]);
        for (ulong i = 0; i < 100; i++)
        {
            var x = Array.ConvertAll(PolicyDriver.Context(Dimension, i), v => (double)v);
            network.Learn(x, (int)(i % 3), i % 2, 0.05);
        }

        return network;
    }

    private static Vector<double> Dense(float[] x) => Vector<double>.Build.DenseOfEnumerable(x.Select(v => (double)v));
}
