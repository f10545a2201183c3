using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class ConvergenceTests
{
    [Theory]
    [InlineData("linucb")]
    [InlineData("metallm-2024")]
    [InlineData("mixllm")]
    [InlineData("llm-bandit")]
    [InlineData("pilot")]
    [InlineData("lin-ts")]
    [InlineData("squarecb")]
    [InlineData("paretobandit")]
    [InlineData("neural-ucb")]
    [InlineData("knn")]
    [InlineData("kmeans")]
    public void A_contextual_policy_beats_the_best_single_arm_from_a_cold_start(string name)
    {
        var world = new World(3, [0.001, 0.001, 0.001]);
        var log = new Log(world.Configuration(name));
        var regrets = world.Play(log, 0, 1500);
        var best = Enumerable.Range(0, 3).Min(a => Enumerable.Range(900, 600).Average(i => Enumerable.Range(0, 3).Max(b => world.Mean(i, b)) - world.Mean(i, a)));
        Assert.True(regrets[900..].Average() < 0.8 * best, $"{name}: regret {regrets[900..].Average():F4}, best single arm {best:F4}");
    }

    [Theory]
    [InlineData("metallm-2024")]
    [InlineData("mixllm")]
    [InlineData("llm-bandit")]
    [InlineData("pilot")]
    [InlineData("lin-ts")]
    [InlineData("squarecb")]
    [InlineData("paretobandit")]
    [InlineData("neural-ucb")]
    [InlineData("knn")]
    [InlineData("kmeans")]
    public void A_warm_start_is_worth_more_than_the_first_three_hundred_rewards(string name)
    {
        var world = new World(4, [0.001, 0.001, 0.001]);
        var cold = world.Play(new Log(world.Configuration(name)), 5000, 300).Average();
        var log = new Log(world.Configuration(name));
        log.State.WarmStart([.. Enumerable.Range(0, 600).Select(i => world.WarmRow(i, i))]);
        var warm = world.Play(log, 5000, 300).Average();
        Assert.True(warm < 0.9 * cold, $"{name}: regret {warm:F4} warm, {cold:F4} cold");
    }

    [Theory]
    [InlineData("beta-thompson", 400)]
    [InlineData("track-and-stop", 400)]
    [InlineData("pickllm-q", 400)]
    [InlineData("pickllm-lri", 1500)]
    [InlineData("lin-ts", 400)]
    [InlineData("squarecb", 400)]
    [InlineData("metallm-2024", 400)]
    [InlineData("mixllm", 400)]
    [InlineData("llm-bandit", 400)]
    [InlineData("pilot", 400)]
    [InlineData("paretobandit", 400)]
    [InlineData("neural-ucb", 400)]
    [InlineData("knn", 400)]
    [InlineData("kmeans", 400)]
    public void The_best_arm_is_found(string name, int rewards)
    {
        double[] means = [0.3, 0.7, 0.5];
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var driver = new PolicyDriver(name, new(1, 2, 0, 0), 3);
            var best = 0;
            for (var i = 0; i < rewards + 200; i++)
            {
                var x = PolicyDriver.Context(3, (seed * 100_000) + (ulong)i);
                var arm = Draw(driver.Decide(x, ordinal: i + 1).Propensity, CounterRandom.Uniform(seed, (ulong)i));
                best += i >= rewards && arm == 1 ? 1 : 0;
                driver.Choose(arm);
                driver.Settle(arm, x);
                driver.Reward(arm, x, CounterRandom.Uniform(seed + 50, (ulong)i) < means[arm] ? 1 : 0);
            }

            Assert.True(best > 150, $"{name}, seed {seed}: the best arm was chosen {best} times of 200");
        }
    }

    private static int Draw(double[] propensity, double draw)
    {
        for (var a = 0; a < propensity.Length - 1; a++)
        {
            draw -= propensity[a];
            if (draw < 0)
            {
                return a;
            }
        }

        return propensity.Length - 1;
    }
}
