using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class LearningTests
{
    [Theory]
    [InlineData("metallm", 1)]
    [InlineData("metallm", 2)]
    [InlineData("linucb", 1)]
    [InlineData("epsilon-greedy", 1)]
    public void A_linear_world_is_learned_from_bandit_feedback_alone(string policy, ulong seed)
    {
        var world = new World(seed, [0.001, 0.001, 0.001, 0.001]);
        var regrets = world.Play(new Log(world.Configuration(policy)), 0, 1500);
        var first = regrets[..200].Average();
        var last = regrets[1200..].Average();
        Assert.True(last < 0.5 * first, $"regret {first:F3} at first, {last:F3} at last");
    }

    [Fact]
    public void A_warm_start_is_good_from_the_first_decision()
    {
        var world = new World(6, [0.001, 0.001, 0.001, 0.001]);
        var cold = world.Play(new Log(world.Configuration()), 5000, 150).Average();
        var log = new Log(world.Configuration());
        log.State.WarmStart([.. Enumerable.Range(0, 500).Select(i => world.WarmRow(i, i))]);
        var warm = world.Play(log, 5000, 150).Average();
        Assert.True(warm < 0.25 * cold, $"warm {warm:F4}, cold {cold:F4}");
    }

    [Fact]
    public void Shuffled_labels_give_no_gain_over_the_best_single_arm()
    {
        var world = new World(7, [0.001, 0.001, 0.001, 0.001]);
        var log = new Log(world.Configuration());
        log.State.WarmStart([.. Enumerable.Range(0, 600).Select(i => world.WarmRow(i, (i * 337) % 600))]);
        var chosen = 0.0;
        var single = new double[world.Arms];
        const int queries = 1500;
        for (var i = 2000; i < 2000 + queries; i++)
        {
            var decision = log.State.Decide(new() { Features = world.Query(i) }, log.Clock);
            var greedy = decision.GreedyArm[^1] - '0';
            chosen += world.Mean(i, greedy) / queries;
            for (var a = 0; a < world.Arms; a++)
            {
                single[a] += world.Mean(i, a) / queries;
            }
        }

        Assert.InRange(chosen, single.Min(), single.Max() + 0.01);
    }

    [Fact]
    public void A_duplicated_arm_does_no_harm()
    {
        var world = new World(8, [0.001, 0.001]);
        var rows = Enumerable.Range(0, 400).Select(i => world.WarmRow(i, i)).ToList();
        var twin = rows.Select(r => r with
        {
            Rewards = [.. r.Rewards, r.Rewards[1]],
            Usage = [.. r.Usage, r.Usage[1]],
            CostUsd = [.. r.CostUsd, r.CostUsd[1]],
            LatencySeconds = [.. r.LatencySeconds, double.NaN],
        }).ToList();
        var log = new Log(world.Configuration());
        log.State.WarmStart(rows);
        var doubled = new Log(world.Configuration() with { Arms = [.. world.Configuration().Arms, Log.Arm("arm9", 0.001)] });
        doubled.State.WarmStart(twin);
        var same = 0;
        for (var i = 1000; i < 1300; i++)
        {
            var one = log.State.Decide(new() { Features = world.Query(i) }, log.Clock).GreedyArm;
            var two = doubled.State.Decide(new() { Features = world.Query(i) }, log.Clock).GreedyArm;
            same += one == (two == "arm9" ? "arm1" : two) ? 1 : 0;
        }

        Assert.InRange(same, 285, 300);
    }

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.006)]
    public void A_budget_is_kept_from_a_cold_start(double budget)
    {
        var world = new World(9, [0.0005, 0.003, 0.02]);
        var log = new Log(world.Configuration(budget: budget));
        world.Play(log, 0, 2500);
        Assert.InRange(log.State.Report().SpendUsd / 2500 / budget, 0.9, 1.03);
    }

    [Fact]
    public void A_static_mix_meets_its_budget_in_expectation()
    {
        var world = new World(10, [0.001, 0.005], slope: 0, noise: 0.01);
        var log = new Log(world.Configuration("static-mix", budget: 0.002));
        log.State.WarmStart([.. Enumerable.Range(0, 50).Select(i => world.WarmRow(i, i))]);
        var decision = log.Decide(world.Query(99));
        Assert.Equal(0.75, decision.Arms[0].Propensity, 1e-9);
        Assert.Equal(0.25, decision.Arms[1].Propensity, 1e-9);
    }

    [Fact]
    public void The_best_single_arm_is_the_best_that_fits_the_budget()
    {
        var world = new World(10, [0.001, 0.003, 0.01], slope: 0, noise: 0.01);
        var log = new Log(world.Configuration("best-single", budget: 0.004));
        log.State.WarmStart([.. Enumerable.Range(0, 50).Select(i => world.WarmRow(i, i))]);
        Assert.Equal("arm1", log.Decide(world.Query(99)).ChosenArm);
        var free = new Log(world.Configuration("best-single"));
        free.State.WarmStart([.. Enumerable.Range(0, 50).Select(i => world.WarmRow(i, i))]);
        Assert.Equal("arm2", free.Decide(world.Query(99)).ChosenArm);
        Assert.Equal("arm0", new Log(world.Configuration("cheapest")).Decide(world.Query(99)).ChosenArm);
    }

    [Theory]
    [InlineData("metallm", false)]
    [InlineData("metallm-cold", true)]
    public void While_rewards_are_late_the_next_call_goes_elsewhere(string policy, bool elsewhere)
    {
        var driver = new PolicyDriver(policy, new(1, 3, 0, 3), 3);
        var x = PolicyDriver.Context(7, 1);
        var before = driver.Decide(x);
        for (var i = 0; i < 8; i++)
        {
            driver.Choose(before.Greedy);
        }

        var after = driver.Decide(x);
        Assert.Equal(elsewhere, after.Greedy != before.Greedy);
        driver.Reward(before.Greedy, x, 0.5);
        var answered = driver.Decide(x);
        Assert.Equal(before.Quality[before.Greedy], answered.Quality[before.Greedy], 0.1);
        Assert.True(!elsewhere || answered.Quality[before.Greedy] > after.Quality[before.Greedy]);
    }
}
