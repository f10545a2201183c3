using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class MissingRewardTests
{
    private static readonly MissingReward Option = new() { Value = 0.25, Weight = 0.5 };
    private static readonly World World = new(6, [0.0001, 0.001]);

    [Fact]
    public void Decisions_from_before_the_option_are_none_of_its_business()
    {
        var log = new Log(World.Configuration());
        World.Play(log, 0, 5);
        log.Configure(World.Configuration() with { MissingReward = Option });
        Assert.Equal(5, log.State.MissingThrough);
        log.Configure(World.Configuration() with { MissingReward = Option with { Value = 1 } });
        World.Play(log, 5, 5);
        Assert.Equal(5, log.State.MissingThrough);
    }

    [Fact]
    public void A_default_is_learned_from_counted_and_remembered_and_feedback_replaces_it()
    {
        var (log, told) = (new Log(World.Configuration() with { MissingReward = Option }), new Log(World.Configuration() with { MissingReward = Option }));
        var decision = log.Decide(World.Query(1));
        Default(log, decision);
        Assert.Equal((1, 1, 1), (log.State.MissingThrough, log.State.Report().RewardsDefaulted, log.State.Report().RewardsApplied));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        log.Event(Rewarded(log, decision) with { Reward = 1, PreviousReward = 0.25, PreviousWeight = 0.5 });
        told.Event(Rewarded(told, told.Decide(World.Query(1))) with { Reward = 1 });

        var (found, expected) = (log.Decide(World.Query(2)), told.Decide(World.Query(2)));
        for (var a = 0; a < 2; a++)
        {
            Assert.Equal(expected.Arms[a].Quality, found.Arms[a].Quality, 0.02);
        }
    }

    [Fact]
    public void Bad_options_are_refused_by_name()
    {
        Refused("MissingReward.Value", Option with { Value = 1.5 });
        Refused("MissingReward.Weight", Option with { Weight = 0 });
        Refused("MissingReward.After", Option with { After = TimeSpan.FromSeconds(59) });
        Refused("MissingReward.After", Option with { After = TimeSpan.FromDays(91) });
    }

    private static void Refused(string field, MissingReward option) =>
        Assert.Equal(field, Assert.Single(TenantConfigurationValidator.Validate(World.Configuration() with { MissingReward = option })).Field);

    private static void Default(Log log, DecisionRecord decision) =>
        log.Event(Rewarded(log, decision) with { Reward = Option.Value, Weight = Option.Weight, Defaulted = true });

    private static RewardedEvent Rewarded(Log log, DecisionRecord decision) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = 0,
        PreviousReward = null,
    };
}
