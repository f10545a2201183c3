using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.NeuralUcb;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.NeuralUcb;

public sealed class NeuralUcbTests
{
    private static readonly ContextBlocks Blocks = new(1, 3, 0, 0);

    [Fact]
    public void A_step_goes_along_the_gradient_by_about_its_rate()
    {
        var network = Trained();
        double[] x = [1, 0.3, -0.8, 1.2];
        double[] other = [1, -1, 0.4, 0.1];
        network.Forward(x);
        var before = network.Output(0);
        network.Forward(other);
        var untouched = network.Output(1);
        network.Train(x, 0, before + 1, 1e-4);
        network.Forward(x);

        // Along the gradient g a step of s g / |g|^2 raises the output by s to first order; any other direction would fall short.
        Assert.Equal(1e-4, network.Output(0) - before, 1e-8);
        network.Forward(other);

        // Another arm at another query shares hidden units with it alone: it moves by less than a hundredth of the step.
        Assert.Equal(untouched, network.Output(1), 1e-6);
    }

    [Fact]
    public void What_no_line_can_separate_is_learned()
    {
        // Reward is the exclusive or of two signs: every linear model predicts one half throughout.
        var driver = new PolicyDriver("neural-ucb", Blocks, 2, new() { ["alpha"] = 0 });
        for (var i = 0; i < 1500; i++)
        {
            var x = PolicyDriver.Context(4, (ulong)i);
            var differs = x[1] > 0 != x[2] > 0;
            driver.Reward(0, x, differs ? 1 : 0);
            driver.Reward(1, x, differs ? 0 : 1);
        }

        var right = Enumerable.Range(5000, 300).Count(i =>
        {
            var x = PolicyDriver.Context(4, (ulong)i);
            return driver.Decide(x).Greedy == (x[1] > 0 != x[2] > 0 ? 0 : 1);
        });
        Assert.True(right > 255, $"{right} of 300");
    }

    [Fact]
    public void The_bonus_is_that_of_a_dense_matrix_over_the_last_layer()
    {
        var driver = new PolicyDriver("neural-ucb", Blocks, 1, new() { ["rate"] = 1e-5, ["replays"] = 0, ["alpha"] = 2, ["ridge"] = 3 });
        var network = new NeuralNetwork(4, 24);
        network.SetArms([-1]);
        var a = Matrix<double>.Build.DenseIdentity(25) * 3;
        for (ulong i = 0; i < 20; i++)
        {
            var x = PolicyDriver.Context(4, i);
            var phi = Dense(network.Forward([.. x.Select(v => (double)v)]));
            a += phi.OuterProduct(phi);
            driver.Reward(0, x, 0.5);
        }

        var query = PolicyDriver.Context(4, 77);
        var features = Dense(network.Forward([.. query.Select(v => (double)v)]));
        var scores = driver.Decide(query);
        Assert.Equal(Math.Sqrt(features * a.Inverse() * features), scores.QualityDeviation[0], 1e-9);
        Assert.Equal(scores.Quality[0] + (2 * scores.QualityDeviation[0]), scores.Score[0], 1e-12);
    }

    [Fact]
    public void A_correction_replaces_the_remembered_reward()
    {
        var buffer = new ReplayBuffer(2, 3);
        buffer.Add([1, 2], 0, 0.5);
        buffer.Add([1, 3], 1, 0.5);
        buffer.Replace([1, 3], 1, 0.5, 0.9);
        buffer.Replace([1, 2], 1, 0.5, 0.1);
        Assert.Equal([0.5, 0.9], new[] { buffer.Reward(0), buffer.Reward(1) });
        buffer.SetArms([1]);
        Assert.Equal([-1, 0], new[] { buffer.Arm(0), buffer.Arm(1) });
        buffer.Add([1, 4], 0, 0);
        buffer.Add([1, 5], 0, 1);
        Assert.Equal(3, buffer.Count);
        Assert.Equal(1, buffer.Reward(0));
    }

    private static NeuralNetwork Trained()
    {
        var network = new NeuralNetwork(4, 8);
        network.SetArms([-1, -1]);
        for (ulong i = 0; i < 200; i++)
        {
            var x = Array.ConvertAll(PolicyDriver.Context(4, i), v => (double)v);
            network.Train(x, (int)(i % 2), CounterRandom.Uniform(2, i), 0.1);
        }

        return network;
    }

    private static Vector<double> Dense(ReadOnlySpan<double> values) => Vector<double>.Build.DenseOfArray(values.ToArray());
}
