using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class RenameTests
{
    private static readonly World World = new(11, [0.001, 0.001, 0.001]);

    [Fact]
    public void What_was_learned_and_counted_goes_on_under_the_new_id_for_every_policy()
    {
        foreach (var policy in PolicyRegistry.All)
        {
            var log = Played(policy.Name);
            var (before, query) = (log.State.Report().Arms, World.Query(900));
            var expected = log.State.Decide(new DecisionRequest { Features = query }, log.Clock);
            log.Configure(Renamed(log));
            var after = log.State.Report().Arms;
            var found = log.State.Decide(new DecisionRequest { Features = query }, log.Clock);

            Assert.Equal(["arm0", "new1", "arm2"], after.Select(a => a.ArmId));
            Assert.Equal(before.Select(a => a.Statistics), after.Select(a => a.Statistics));
            Assert.Equal(expected.Arms.Select(a => a with { ArmId = "" }), found.Arms.Select(a => a with { ArmId = "" }));
        }
    }

    [Fact]
    public void Prices_of_money_do_not_start_anew_with_a_rename()
    {
        Log Budgeted()
        {
            var log = new Log(World.Configuration(budget: 0.0005));
            World.Play(log, 0, 200);
            return log;
        }

        var (renamed, plain) = (Budgeted(), Budgeted());
        renamed.Configure(Renamed(renamed));
        plain.Configure(plain.State.Configuration! with { LatencyWeight = 0 });
        Assert.True(plain.State.Report().Lambda > 0);
        World.Play(renamed, 300, 50);
        World.Play(plain, 300, 50);
        Assert.Equal(plain.State.Report().Lambda, renamed.State.Report().Lambda);
    }

    [Fact]
    public void Rewards_and_settlements_of_decisions_from_before_are_credited_to_the_arm()
    {
        var log = Played();
        var decision = log.Decide(World.Query(900), r => r with { PinnedArm = "arm1" });
        log.Configure(Renamed(log));
        var before = log.State.Report().Arms[1].Statistics;
        log.Settle(decision, 0.001);
        log.Reward(decision, 1);
        var after = log.State.Report();

        Assert.Equal(0, after.RewardsIgnored);
        Assert.Equal(before.Rewards + 1, after.Arms[1].Statistics.Rewards);
        Assert.Equal(before.SpendUsd + 0.001, after.Arms[1].Statistics.SpendUsd, 1e-12);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void An_id_that_is_taken_again_by_another_arm_is_that_arms_for_later_decisions_alone()
    {
        var log = Played();
        var old = log.Decide(World.Query(900), r => r with { PinnedArm = "arm1" });
        log.Configure(Renamed(log));
        log.Configure(log.State.Configuration! with
        {
            Arms = [.. log.State.Configuration!.Arms.Select(a => a with { RenamedFrom = null }), Log.Arm("arm1", 0.002)],
        });
        var young = log.Decide(World.Query(901), r => r with { PinnedArm = "arm1" });
        var before = log.State.Report().Arms.ToDictionary(a => a.ArmId, a => a.Statistics.Rewards);
        log.Reward(old, 1);
        log.Reward(young, 1);
        var after = log.State.Report().Arms.ToDictionary(a => a.ArmId, a => a.Statistics.Rewards);

        Assert.Equal((before["new1"] + 1, before["arm1"] + 1), (after["new1"], after["arm1"]));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void Arms_that_leave_are_told_beforehand_and_renamed_ones_are_none_of_them()
    {
        var log = Played();
        var configuration = log.State.Configuration!;
        Assert.Empty(log.State.FindLeaving(Renamed(log)));
        var leaving = Assert.Single(log.State.FindLeaving(configuration with { Arms = [.. configuration.Arms.Skip(1)] }));
        Assert.Equal(log.State.Report().Arms[0], leaving);
        Assert.Empty(new Log(configuration).State.FindLeaving(configuration with { Arms = [.. configuration.Arms.Skip(1)] }));
    }

    [Fact]
    public void Renamed_twice_and_back_it_is_the_same_arm_still()
    {
        var log = Played();
        var decision = log.Decide(World.Query(900), r => r with { PinnedArm = "arm1" });
        var before = log.State.Report().Arms[1].Statistics;
        foreach (var (from, to) in new[] { ("arm1", "new1"), ("new1", "abc1"), ("abc1", "arm1") })
        {
            log.Configure(Renamed(log, from, to));
        }

        Assert.Equal(before, log.State.Report().Arms[1].Statistics);
        log.Reward(decision, 1);
        Assert.Equal(before.Rewards + 1, log.State.Report().Arms[1].Statistics.Rewards);
    }

    [Fact]
    public void A_rename_that_was_made_may_stay_in_the_file()
    {
        var log = Played();
        log.Configure(Renamed(log));
        World.Play(log, 500, 10);
        var before = log.State.Report().Arms;
        log.Configure(log.State.Configuration! with { LatencyWeight = 0.001 });
        Assert.Equal(before, log.State.Report().Arms);
        Assert.Equal("arm1", log.Reload().Configuration!.Arms[1].RenamedFrom);
    }

    [Fact]
    public void A_rename_from_an_arm_that_stays_or_that_two_arms_claim_is_refused_by_name()
    {
        var configuration = World.Configuration();
        var errors = TenantConfigurationValidator.Validate(configuration with
        {
            Arms =
            [
                configuration.Arms[0] with { RenamedFrom = "arm1" },
                configuration.Arms[1] with { RenamedFrom = "gone" },
                configuration.Arms[2] with { RenamedFrom = "gone" },
                Log.Arm("arm3", 1) with { RenamedFrom = " " },
            ],
        });
        Assert.Equal(["Arms[0].RenamedFrom", "Arms[2].RenamedFrom", "Arms[3].RenamedFrom"], errors.Select(e => e.Field));
    }

    private static TenantConfiguration Renamed(Log log, string from = "arm1", string to = "new1")
    {
        var configuration = log.State.Configuration!;
        return configuration with { Arms = [.. configuration.Arms.Select(a => a.Id == from ? a with { Id = to, RenamedFrom = from } : a)] };
    }

    private static Log Played(string policy = "metallm")
    {
        var log = new Log(World.Configuration(policy));
        World.Play(log, 0, 40);
        return log;
    }
}
