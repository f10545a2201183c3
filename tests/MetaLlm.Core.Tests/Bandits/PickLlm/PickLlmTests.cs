using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.PickLlm;

public sealed class PickLlmTests
{
    private static readonly float[] X = [1, 0.5f];

    [Fact]
    public void The_automaton_moves_probability_as_published()
    {
        var driver = new PolicyDriver("pickllm-lri", new(1, 1, 0, 0), 3, new() { ["step"] = 0.1, ["floor"] = 0 });
        driver.Reward(1, X, 0.8);
        var moved = driver.Decide(X).Propensity;
        Assert.Equal((1.0 / 3) + (0.08 * 2 / 3), moved[1], 1e-12);
        Assert.Equal(0.92 / 3, moved[0], 1e-12);
        driver.Reward(0, X, 0);
        Assert.Equal(moved, driver.Decide(X).Propensity);
    }

    [Fact]
    public void The_configured_price_is_part_of_the_reinforcement_and_a_budgets_price_tilts_the_choice()
    {
        var driver = new PolicyDriver("pickllm-lri", new(1, 1, 0, 0), 2, new() { ["step"] = 0.1, ["floor"] = 0, ["temperature"] = 0.5 }, priceWeight: 300);
        driver.Reward(0, X, 0.9);
        var p = driver.Decide(X, lambda: 300).Propensity[0];
        Assert.Equal(0.5 + (0.1 * (0.9 - 0.3) * 0.5), p, 1e-12);

        var tilted = driver.Decide(X, lambda: 1300);
        var expected = p / (1 - p) * Math.Exp((tilted.CostUsd[1] - tilted.CostUsd[0]) * 1000 / 0.5);
        Assert.Equal(expected, tilted.Propensity[0] / tilted.Propensity[1], 1e-9);
    }

    [Fact]
    public void The_floor_keeps_every_arm_in_play()
    {
        var driver = new PolicyDriver("pickllm-lri", new(1, 1, 0, 0), 2, new() { ["step"] = 0.5, ["floor"] = 0.01 });
        for (var i = 0; i < 200; i++)
        {
            driver.Reward(0, X, 1);
        }

        Assert.Equal(0.01, driver.Decide(X).Propensity[1], 0.001);
    }

    [Fact]
    public void Q_learning_follows_a_constant_step()
    {
        var driver = new PolicyDriver("pickllm-q", new(1, 1, 0, 0), 2, new() { ["step"] = 0.25, ["initial"] = 0.5, ["epsilon"] = 0.2 });
        driver.Reward(0, X, 1);
        driver.Reward(0, X, 0);
        Assert.Equal(0.75 * (0.5 + (0.25 * 0.5)), driver.Decide(X).Quality[0], 1e-12);
        driver.Reward(0, X, 1, previous: 0);
        var scores = driver.Decide(X);
        Assert.Equal((0.75 * 0.625) + 0.25, scores.Quality[0], 1e-12);
        Assert.Equal([0.9, 0.1], scores.Propensity.Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void Exploration_of_dear_arms_stays_within_the_purse()
    {
        var driver = new PolicyDriver("pickllm-q", new(1, 1, 0, 0), 3, new() { ["epsilon"] = 1 }) { Target = 0.001 };
        var scores = driver.Decide(X, lambda: 1e6);
        Assert.Equal(0, scores.Greedy);
        var extra = Enumerable.Range(0, 3).Sum(a => scores.Propensity[a] * Math.Max(0, scores.CostUsd[a] - scores.CostUsd[0]));
        Assert.InRange(extra, 1e-9, 0.05 * 0.001 * (1 + 1e-9));
    }
}
