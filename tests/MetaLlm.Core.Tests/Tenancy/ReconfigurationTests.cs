using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class ReconfigurationTests
{
    private static readonly World World = new(11, [0.001, 0.001, 0.001]);

    [Fact]
    public void Arms_that_stay_keep_what_was_learned_whatever_their_new_place()
    {
        var log = Played();
        var configuration = log.State.Configuration!;
        var before = log.State.Report().Arms.ToDictionary(a => a.ArmId, a => a.Statistics);
        log.Configure(configuration with { Arms = [Log.Arm("new", 0.001), configuration.Arms[2], configuration.Arms[0]] });
        var after = log.State.Report().Arms;
        Assert.Equal(["new", "arm2", "arm0"], after.Select(a => a.ArmId));
        Assert.Equal(before["arm2"], after[1].Statistics);
        Assert.Equal(before["arm0"], after[2].Statistics);
        Assert.Equal(0, after[0].Statistics.Pulls);
    }

    [Fact]
    public void A_new_arm_gets_its_first_pulls_and_a_good_one_is_adopted()
    {
        var world = new World(5, [0.001, 0.001], slope: 0);
        var better = new World(5, [0.001, 0.001, 0.001], slope: 0);
        var log = new Log(world.Configuration());
        log.State.WarmStart([.. Enumerable.Range(0, 300).Select(i => world.WarmRow(i, i))]);
        world.Play(log, 1000, 50);
        log.Configure(world.Configuration() with { Arms = better.Configuration().Arms });
        better.Play(log, 2000, 150);
        var newcomer = log.State.Report().Arms[2].Statistics.Pulls;
        better.Play(log, 3000, 100);
        Assert.InRange(newcomer, 20, 150);
        Assert.InRange(log.State.Report().Arms[2].Statistics.Pulls - newcomer, 90, 100);
    }

    [Fact]
    public void Rewards_of_an_arm_that_is_gone_are_counted_and_not_learned_from()
    {
        var log = Played();
        var decision = log.Decide(World.Query(900));
        var configuration = log.State.Configuration!;
        log.Configure(configuration with { Arms = [.. configuration.Arms.Where(a => a.Id != decision.ChosenArm)] });
        var before = log.State.Report();
        log.Settle(decision, 0.001);
        log.Reward(decision, 1);
        var after = log.State.Report();
        Assert.Equal(before.RewardsApplied + 1, after.RewardsApplied);
        Assert.Equal(before.RewardsIgnored + 1, after.RewardsIgnored);
        Assert.Equal(before.Arms.Select(a => a.Statistics), after.Arms.Select(a => a.Statistics));
        Assert.Equal(before.SpendUsd + 0.001, after.SpendUsd, 1e-12);
        Assert.Equal(0, after.ReservedUsd);
    }

    [Fact]
    public void Rewards_for_another_feature_layout_are_counted_and_not_learned_from()
    {
        var log = Played();
        var decision = log.Decide(World.Query(900));
        log.Configure(log.State.Configuration! with { Parts = ContextParts.Structural });
        log.Reward(decision, 1);
        Assert.Equal(1, log.State.Report().RewardsIgnored);
        Assert.All(log.State.Report().Arms, a => Assert.Equal(0, a.Statistics.Rewards));
    }

    [Fact]
    public void Another_policy_restarts_learning_while_money_and_counters_stay()
    {
        var log = Played();
        var before = log.State.Report();
        log.Configure(log.State.Configuration! with { Policy = "linucb" });
        var after = log.State.Report();
        Assert.Equal("linucb", after.Policy);
        Assert.Equal(before.SpendUsd, after.SpendUsd);
        Assert.Equal(before.Decisions, after.Decisions);
        Assert.All(after.Arms, a => Assert.Equal(0, a.Statistics.Pulls));
    }

    [Fact]
    public void A_reroute_moves_what_is_set_aside_and_teaches_the_arm_that_served()
    {
        var log = Played();
        var decision = log.Decide(World.Query(901), i => i with { PinnedArm = "arm0" });
        var before = log.State.Report().Arms[1].Statistics.Rewards;
        log.Event(new ReroutedEvent
        {
            Sequence = log.State.AppliedSequence + 1,
            At = log.Clock,
            Decision = DecisionFacts.Of(decision),
            ToArm = "arm1",
            ReservedUsd = 0.5,
            Reason = "timeout",
        });
        Assert.Equal(0.5, log.State.Report().ReservedUsd, 1e-12);
        var facts = DecisionFacts.Of(decision) with { ServedArm = "arm1", ReservedUsd = 0.5 };
        log.Event(new RewardedEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Decision = facts, Reward = 1, PreviousReward = null });
        Assert.Equal(before + 1, log.State.Report().Arms[1].Statistics.Rewards);
    }

    private static Log Played()
    {
        var log = new Log(World.Configuration());
        World.Play(log, 0, 40);
        return log;
    }
}
