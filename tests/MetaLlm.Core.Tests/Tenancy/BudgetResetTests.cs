using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class BudgetResetTests
{
    private static readonly World World = new(5, [0.0001, 0.001, 0.01]);
    private static readonly TenantConfiguration Capped = World.Configuration() with { HardCapUsd = 1, UsdPerHour = 1, UsdPerDay = 1, UsdPerMonth = 1 };

    [Fact]
    public void Money_spent_while_the_clock_was_years_ahead_blocks_until_then_and_no_more_after_a_reset()
    {
        var log = new Log(Capped);
        var now = log.Clock;
        log.Clock = now.AddYears(10);
        log.Settle(log.Decide(World.Query(1)), 2);
        log.Clock = now;
        Assert.Throws<NoFeasibleArmException>(() => log.Decide(World.Query(2)));
        log.Clock = now.AddDays(40);
        Assert.Throws<NoFeasibleArmException>(() => log.Decide(World.Query(2)));

        Reset(log);

        log.Settle(log.Decide(World.Query(3)), 0.25);
        var report = log.State.Report();
        Assert.Equal(4, report.Windows.Count);
        Assert.All(report.Windows, window =>
        {
            Assert.Equal((0.25, 0.75), (window.SpentUsd, window.LeftUsd));
            Assert.InRange(window.EndsAt, log.Clock, log.Clock.AddDays(31));
        });
        Assert.Equal((2.25, 0), (report.SpendUsd, report.ReservedUsd));
    }

    [Fact]
    public void What_running_calls_have_set_aside_stays_and_is_taken_back_to_nothing_when_they_end()
    {
        var log = new Log(Capped);
        var running = log.Decide(World.Query(1));
        log.Settle(log.Decide(World.Query(2)), 0.5);
        var held = log.State.Report().BoundUsd;

        Reset(log);

        Assert.True(held > 0);
        Assert.Equal(held, log.State.Report().BoundUsd);
        log.Settle(running, 0.125);
        Assert.Equal((0, 0.125), (log.State.Report().BoundUsd, log.State.Report().Windows[0].SpentUsd));
    }

    [Fact]
    public void Shadow_prices_are_those_of_a_tenant_that_has_spent_nothing()
    {
        var configuration = World.Configuration(budget: 0.001) with { UsdPerDay = 10 };
        var log = new Log(configuration);
        var opening = log.State.Report().Lambda;
        World.Play(log, 0, 200);
        Assert.NotEqual(opening, log.State.Report().Lambda);

        Reset(log);

        Assert.Equal(opening, log.State.Report().Lambda);
        var learned = log.State.Report().Arms.Select(arm => arm.Statistics);
        Assert.Equal(200, learned.Sum(arm => arm.Pulls));
    }

    [Fact]
    public void A_log_with_a_reset_folds_to_the_same_bytes_and_so_does_a_snapshot_in_its_middle()
    {
        var log = new Log(World.Configuration(budget: 0.001) with { UsdPerDay = 10 });
        World.Play(log, 0, 100);
        Reset(log);
        var copy = new Log(World.Configuration(budget: 0.001) with { UsdPerDay = 10 }) { State = log.Reload(), Clock = log.Clock };
        Assert.Equal(log.Save(), copy.Save());
        World.Play(log, 100, 60);
        World.Play(copy, 100, 60);
        Assert.Equal(log.Save(), copy.Save());

        var folded = TenantState.Create("acme", Log.Model, Log.Reduction());
        foreach (var entry in log.Entries)
        {
            if (entry is DecisionRecord decision)
            {
                folded.Apply(decision);
            }
            else
            {
                folded.Apply((TenantEvent)entry);
            }
        }

        Assert.Equal(log.Save(), Log.Save(folded));
    }

    [Fact]
    public void Requests_of_a_time_to_come_are_no_reason_to_expect_fewer_now()
    {
        var log = new Log(World.Configuration() with { UsdPerDay = 100 });
        var now = log.Clock;
        log.Clock = now.AddYears(1);
        World.Play(log, 0, 50);
        log.Clock = now;
        Reset(log);
        World.Play(log, 50, 50);

        var fresh = new Log(World.Configuration() with { UsdPerDay = 100 });
        World.Play(fresh, 50, 50);
        var (reset, other) = (Day(log), Day(fresh));
        Assert.Equal(other.EndsAt, reset.EndsAt);

        // What arms are believed to cost differs a little; the number of requests to come does not.
        Assert.Equal(other.TargetUsdPerRequest, reset.TargetUsdPerRequest, 0.05 * other.TargetUsdPerRequest);
    }

    private static WindowReport Day(Log log) => log.State.Report().Windows.Single(window => window.Window == BudgetWindow.Day);

    private static void Reset(Log log) => log.Event(new BudgetResetEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock });
}
