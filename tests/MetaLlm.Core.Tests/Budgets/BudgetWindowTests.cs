using System.Globalization;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class BudgetWindowTests
{
    private static readonly World World = new(3, [0.0001, 0.01]);

    // Calls cost what was predicted here: nothing is set aside beyond it, and pacing shows.
    private static TenantConfiguration Configuration => World.Configuration() with { HardCapReserve = HardCapReserve.Mean };

    [Theory]
    [InlineData(BudgetWindow.Hour, "2026-03-04T05:59:59Z", 1)]
    [InlineData(BudgetWindow.Hour, "2026-03-04T05:00:00Z", 3600)]
    [InlineData(BudgetWindow.Day, "2026-03-04T23:00:00Z", 3600)]
    [InlineData(BudgetWindow.Day, "2026-03-05T01:00:00+02:00", 3600)]
    [InlineData(BudgetWindow.Month, "2026-02-28T23:59:00Z", 60)]
    [InlineData(BudgetWindow.Month, "2028-02-28T23:59:00Z", 86_460)]
    [InlineData(BudgetWindow.Month, "2026-12-31T00:00:00Z", 86_400)]
    public void Windows_are_those_of_the_calendar_in_utc(BudgetWindow window, string at, double secondsLeft)
    {
        var time = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        Assert.Equal(secondsLeft, BudgetWindows.SecondsLeft(window, time));
        var index = BudgetWindows.IndexOf(window, time);
        Assert.Equal(index, BudgetWindows.IndexOf(window, time.AddSeconds(secondsLeft).AddTicks(-1)));
        Assert.Equal(index + 1, BudgetWindows.IndexOf(window, time.AddSeconds(secondsLeft)));
    }

    [Fact]
    public void The_rate_is_that_of_the_recent_past_and_a_burst_at_the_beginning_is_no_rate()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var rate = new RequestRate(1800);
        Assert.Equal(0, rate.At(start));
        for (var i = 0; i < 20; i++)
        {
            rate.Observe(start.AddMilliseconds(i));
        }

        Assert.InRange(rate.At(start.AddMilliseconds(20)), 0, 20 / 60.0);
        for (var i = 0; i < 7200; i++)
        {
            rate.Observe(start.AddSeconds(i));
        }

        Assert.InRange(rate.At(start.AddSeconds(7200)), 0.9, 1);
        var back = rate.At(start.AddSeconds(7199));
        rate.Observe(start);
        Assert.InRange(rate.At(start.AddSeconds(7199)), back, back * 1.01);
        Assert.InRange(rate.At(start.AddSeconds(7200 + 5400)), 0, 0.06);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(4)]
    public void An_hours_budget_is_used_up_evenly_and_never_passed(double usdPerHour)
    {
        var log = new Log(Configuration with { UsdPerHour = usdPerHour });
        var spent = Play(log, 4, _ => 4);

        Assert.All(spent, hour => Assert.True(hour.Sum() <= usdPerHour + 1e-9, $"{hour.Sum()} USD were spent in an hour."));
        foreach (var hour in spent.Skip(1))
        {
            Assert.InRange(hour.Sum() / usdPerHour, 0.93, 1);
            Assert.InRange(hour.Take(2).Sum() / usdPerHour, 0.35, 0.65);
        }
    }

    [Fact]
    public void What_a_quiet_half_hour_leaves_is_given_to_the_other_half()
    {
        // Requests every 4 seconds, but every 40 in the first half of each hour: then a request of the second half is worth more.
        var log = new Log(Configuration with { UsdPerHour = 1 });
        var spent = Play(log, 4, minute => minute < 30 ? 40 : 4);
        Assert.All(spent.Skip(1), hour => Assert.InRange(hour.Sum(), 0.85, 1 + 1e-9));
    }

    [Fact]
    public void A_burst_cannot_pass_the_budget_while_calls_are_running()
    {
        var log = new Log(Configuration with { UsdPerDay = 0.1 });
        var reserved = 0.0;
        for (var i = 0; i < 3000; i++)
        {
            try
            {
                reserved += log.Decide(World.Query(i)).ReservedUsd;
            }
            catch (NoFeasibleArmException e)
            {
                Assert.All(e.Exclusions, x => Assert.Equal(ArmExclusions.OverHardCap, x.Value));
                break;
            }
        }

        Assert.InRange(reserved, 0.09, 0.1 + 1e-12);
        log.Clock = log.Clock.AddDays(1);
        Assert.Throws<NoFeasibleArmException>(() => log.Decide(World.Query(1)));
        var report = Assert.Single(log.State.Report().Windows);
        Assert.Equal((BudgetWindow.Day, 0.1, 0), (report.Window, report.BudgetUsd, report.SpentUsd));
    }

    [Fact]
    public void The_tightest_budget_sets_the_price_of_money()
    {
        var tight = Lambda(new() { Arms = [], UsdPerHour = 0.5 });
        var loose = Lambda(new() { Arms = [], UsdPerDay = 1000 });
        Assert.True(tight > 10 * loose, $"{tight} is to be well above {loose}.");
        Assert.Equal(tight, Lambda(new() { Arms = [], UsdPerHour = 0.5, UsdPerDay = 1000, UsdPerMonth = 100_000 }));
        Assert.Equal(tight, Lambda(new() { Arms = [], UsdPerHour = 0.5, UsdPerRequest = 1 }));
    }

    [Fact]
    public void A_budget_that_is_set_in_the_middle_of_a_month_counts_what_the_month_has_spent()
    {
        var log = new Log(Configuration);
        Play(log, 2, _ => 10);
        var spent = log.State.Report().SpendUsd;
        log.Configure(Configuration with { UsdPerMonth = spent + 0.5, UsdPerHour = 7 });
        var month = log.State.Report().Windows.Single(w => w.Window == BudgetWindow.Month);
        Assert.Equal(spent, month.SpentUsd, 1e-9);
        Assert.Equal(0.5, month.LeftUsd, 1e-9);
        Assert.Equal(0, log.State.Report().Windows.Single(w => w.Window == BudgetWindow.Hour).SpentUsd);
        log.Clock = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        log.Decide(World.Query(9));
        Assert.Equal(0, log.State.Report().Windows.Single(w => w.Window == BudgetWindow.Month).SpentUsd);
    }

    [Fact]
    public void A_replay_and_a_snapshot_give_the_same_bytes()
    {
        var log = new Log(Configuration with { UsdPerHour = 0.6, UsdPerDay = 5, UsdPerRequest = 0.002 });
        Play(log, 1, _ => 7);
        log.Configure(Configuration);
        Play(log, 1, _ => 30);
        log.Configure(Configuration with { UsdPerMonth = 3 });
        log.State = log.Reload();
        Play(log, 1, _ => 30);

        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    private static double Lambda(TenantConfiguration budgets)
    {
        var log = new Log(Configuration with
        {
            UsdPerHour = budgets.UsdPerHour, UsdPerDay = budgets.UsdPerDay, UsdPerMonth = budgets.UsdPerMonth, UsdPerRequest = budgets.UsdPerRequest,
        });
        Play(log, 1, _ => 10);
        return log.State.Report().Lambda;
    }

    /// <summary>Plays whole hours; a request comes every so many seconds, by minute of the hour.</summary>
    /// <returns>USD per quarter of an hour, per hour.</returns>
    private static double[][] Play(Log log, int hours, Func<int, double> interval)
    {
        var start = log.Clock;
        var spent = Enumerable.Range(0, hours).Select(_ => new double[4]).ToArray();
        for (var i = (int)log.State.Report().Decisions; log.Clock < start.AddHours(hours); i++)
        {
            try
            {
                var decision = log.Decide(World.Query(i));
                var arm = int.Parse(decision.ChosenArm.AsSpan(3), CultureInfo.InvariantCulture);
                var since = log.Clock - start;
                spent[(int)since.TotalHours][since.Minutes / 15] += World.Cost(arm);
                log.Settle(decision, World.Cost(arm));
                log.Reward(decision, World.Reward(i, arm));
            }
            catch (NoFeasibleArmException)
            {
                // The hour has nothing left.
            }

            log.Clock = log.Clock.AddSeconds(interval(log.Clock.Minute) * (0.5 + CounterRandom.Uniform(8, (ulong)i)));
        }

        return spent;
    }
}
