using System.Globalization;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class QualityFloorTests
{
    private static readonly double[] Costs = [0.0001, 0.001, 0.01];
    private static readonly double[] Base = [0.35, 0.6, 0.85];

    [Theory]
    [InlineData(0.55)]
    [InlineData(0.7)]
    [InlineData(0.8)]
    public void The_mean_reward_comes_to_the_floor_at_less_than_the_best_qualitys_cost(double floor)
    {
        var log = new Log(Configuration() with { QualityFloor = floor });
        Play(log, 0, 1000);
        var (reward, cost) = Play(log, 1000, 5000);
        var (_, unconstrained) = Play(new Log(Configuration()), 0, 3000);

        Assert.InRange(reward, floor - 0.01, floor + 0.01);
        Assert.True(cost < 0.95 * unconstrained, $"{cost} USD a request, {unconstrained} without a floor.");
        Assert.Equal(QualityFloorStatus.Held, log.State.Report().QualityFloor!.Status);
    }

    [Fact]
    public void A_floor_costs_no_more_than_the_static_mix_that_keeps_it()
    {
        // Arms are better where their own feature is large, which a mix that does not look at the query cannot use.
        const double floor = 0.7;
        var log = new Log(Configuration() with { QualityFloor = floor });
        Play(log, 0, 1000);
        var (_, cost) = Play(log, 1000, 5000);
        var share = (floor - Base[1]) / (Base[2] - Base[1]);
        Assert.True(cost < (share * Costs[2]) + ((1 - share) * Costs[1]), $"{cost} USD a request.");
    }

    [Fact]
    public void A_floor_below_the_cheapest_arm_costs_what_that_costs()
    {
        var log = new Log(Configuration() with { QualityFloor = 0.1 });
        Play(log, 0, 1000);
        Assert.InRange(Play(log, 1000, 1000).Cost, 0, 1.5 * Costs[0]);
    }

    [Fact]
    public void A_floor_out_of_reach_gives_the_best_quality_and_says_so()
    {
        var log = new Log(Configuration() with { QualityFloor = 0.99 });
        Play(log, 0, 1500);
        var best = Play(new Log(Configuration()), 0, 2500).Reward;
        Assert.InRange(Play(log, 1500, 1500).Reward, best - 0.02, best + 0.02);
        Assert.Equal(QualityFloorStatus.Infeasible, log.State.Report().QualityFloor!.Status);
    }

    [Fact]
    public void A_budget_wins_over_the_floor_and_the_report_says_so()
    {
        var log = new Log(Configuration() with { QualityFloor = 0.8, UsdPerRequest = 0.001 });
        Play(log, 0, 1000);
        var (reward, cost) = Play(log, 1000, 2000);
        Assert.InRange(cost, 0, 0.00103);
        Assert.True(reward < 0.75, $"A mean reward of {reward} is not to be had for that.");
        Assert.Equal(QualityFloorStatus.LimitedByBudget, log.State.Report().QualityFloor!.Status);

        log.Configure(log.State.Configuration! with { UsdPerRequest = 1 });
        Play(log, 3000, 1500);
        Assert.InRange(Play(log, 4500, 3000).Reward, 0.78, 0.85);
        Assert.Equal(QualityFloorStatus.Held, log.State.Report().QualityFloor!.Status);
    }

    [Fact]
    public void Pinned_calls_do_not_move_the_price_and_corrections_leave_it_as_if_they_had_come_first()
    {
        var log = new Log(Configuration() with { QualityFloor = 0.7 });
        var lambda = log.State.Report().Lambda;
        log.Reward(log.Decide(Query(0), i => i with { PinnedArm = "arm0" }), 0);
        Assert.Equal(lambda, log.State.Report().Lambda);
        var first = log.Decide(Query(1));
        log.Reward(first, 0);
        Assert.True(log.State.Report().Lambda < lambda);
        log.Reward(first, 1, previous: 0);
        Assert.True(log.State.Report().Lambda > lambda);
    }

    [Fact]
    public void The_floor_is_part_of_the_snapshot_and_excludes_a_fixed_price()
    {
        var log = new Log(Configuration() with { QualityFloor = 0.7 });
        Play(log, 0, 100);
        var copy = log.Reload();
        Assert.Equal(log.Save(), Log.Save(copy));
        Assert.Equal(log.State.Report().QualityFloor, copy.Report().QualityFloor);
        Assert.Null(new Log(Configuration()).State.Report().QualityFloor);

        Assert.Equal("QualityFloor", Assert.Single(TenantConfigurationValidator.Validate(Configuration() with { QualityFloor = 0.7, PriceWeight = 1 })).Field);
        Assert.Contains("0 to 1", Assert.Single(TenantConfigurationValidator.Validate(Configuration() with { QualityFloor = 1.5 })).Message, StringComparison.Ordinal);
    }

    private static TenantConfiguration Configuration() => new() { Arms = [.. Costs.Select((usd, a) => Log.Arm($"arm{a}", usd))], Seed = 4 };

    private static QueryFeatures Query(int i) => Log.Query(77_000_000 + (ulong)i);

    private static (double Reward, double Cost) Play(Log log, int from, int count)
    {
        var (reward, cost) = (0.0, 0.0);
        for (var i = from; i < from + count; i++)
        {
            var query = Query(i);
            var decision = log.Decide(query);
            var arm = int.Parse(decision.ChosenArm.AsSpan(3), CultureInfo.InvariantCulture);
            var mean = Math.Clamp(Base[arm] + (0.12 * (query.Structural[arm] - 5) / 2.9), 0, 1);
            var outcome = CounterRandom.Uniform(5, (ulong)i) < mean ? 1 : 0;
            log.Settle(decision, Costs[arm]);
            log.Reward(decision, outcome);
            reward += outcome / (double)count;
            cost += Costs[arm] / count;
        }

        return (reward, cost);
    }
}
