using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

/// <summary>Calls of models that are no arms of the policy.</summary>
public sealed class PricedDecisionTests
{
    private static readonly World World = new(6, [0.0001, 0.001]);

    private static TenantConfiguration Configuration => World.Configuration() with
    {
        UsdPerRequest = 0.0005, UsdPerDay = 1, HardCapUsd = 10, MaxWeightPerUser = 5, MissingReward = new MissingReward { Mode = MissingRewardMode.Impute },
    };

    [Fact]
    public void A_decision_by_price_books_money_and_changes_nothing_that_decides()
    {
        var (with, without) = (new Log(Configuration), new Log(Configuration));
        for (ulong key = 0; key < 40; key++)
        {
            Play(without, key);
            var priced = Priced(with);
            Play(with, key);
            with.Settle(priced, 0.002, attempts: new FailedAttempt("b", FailureKind.Timeout, default, 0.001, 1));
            with.Reward(priced, 1);
        }

        var (found, expected) = (with.State.Report(), without.State.Report());
        Assert.Equal(expected.SpendUsd + (40 * 0.003), found.SpendUsd, 1e-12);
        Assert.Equal(40 * 0.001, found.WastedUsd, 1e-12);
        Assert.Equal((0, 0), (found.ReservedUsd, found.BoundUsd));
        Assert.Equal(expected.Arms.Select(arm => arm.Statistics), found.Arms.Select(arm => arm.Statistics));
        Assert.Equal((expected.RewardsApplied + 40, 40, expected.Imputation), (found.RewardsApplied, found.RewardsIgnored, found.Imputation));
        Assert.Equal(with.Save(), Log.Save(with.Replay()));
        Assert.Equal(with.Save(), Log.Save(with.Reload()));
    }

    [Fact]
    public void A_policy_that_relearns_passes_over_them()
    {
        var (with, without) = (new Log(World.Configuration()), new Log(World.Configuration()));
        for (ulong key = 0; key < 20; key++)
        {
            Play(without, key);
            Play(with, key);

            // Even where such a model has the name that an arm has.
            with.Settle(with.Decide(Features, request => request with { Candidates = [new PricedCandidate(World.Configuration().Arms[0].Id, 0.001, 0.002)] }), 0.002);
        }

        with.Relearn(World.Configuration() with { Seed = 9 });
        without.Relearn(World.Configuration() with { Seed = 9 });
        Assert.Equal(without.State.Report().Arms.Select(arm => arm.Statistics), with.State.Report().Arms.Select(arm => arm.Statistics));
    }

    [Fact]
    public void The_cheapest_that_can_serve_is_taken_and_the_first_of_equals()
    {
        var log = new Log(World.Configuration());
        string Chosen(Func<DecisionRequest, DecisionRequest> change) => log.Decide(Features, request => change(request with { Candidates = Candidates })).ChosenArm;
        Assert.Equal("a", Chosen(r => r));
        Assert.Equal("b", Chosen(r => r with { UnhealthyArms = ["a"] }));
        Assert.Equal("c", Chosen(r => r with { PinnedArm = "c" }));
        Assert.Equal("b", Chosen(r => r with { AllowedArms = ["c", "b"] }));
        Assert.Equal("c", Chosen(r => r with { Candidates = [Candidates[2] with { CostUsd = 0.001 }, Candidates[0]] }));
        Assert.Equal("b", Chosen(r => r with { Candidates = [Candidates[0] with { Exclusion = ArmExclusions.Disabled }, .. Candidates[1..]] }));
        var refused = Assert.Throws<NoFeasibleArmException>(() => Chosen(r => r with { MaxCostUsd = 0.0001 }));
        Assert.All(refused.Exclusions, one => Assert.Equal(ArmExclusions.OverRequestCap, one.Value));
        Assert.Throws<ArgumentException>(() => Chosen(r => r with { Candidates = [] }));
        Assert.Throws<ArgumentException>(() => Chosen(r => r with { Candidates = [new PricedCandidate("a", 2, 1)] }));
        Assert.Throws<ArgumentException>(() => Chosen(r => r with { Candidates = [new PricedCandidate("a", double.NaN, 1)] }));
    }

    [Fact]
    public void A_tenant_that_reserves_means_reserves_them_here_too()
    {
        var log = new Log(World.Configuration() with { HardCapUsd = 0.005, HardCapReserve = HardCapReserve.Mean });
        Assert.Equal([0.001, 0.001, 0.001, 0.001, 0.001], Enumerable.Range(0, 5).Select(_ => Priced(log).BoundUsd));
        var refused = Assert.Throws<NoFeasibleArmException>(() => Priced(log));
        Assert.Equal(TimeSpan.FromDays(1), refused.HardCap!.Wait);
    }

    private static QueryFeatures Features => QueryFeatures.Of("", [], null, 40);

    private static PricedCandidate[] Candidates => [new("a", 0.001, 0.002), new("b", 0.002, 0.004), new("c", 0.003, 0.006)];

    private static DecisionRecord Priced(Log log) => log.Decide(Features, request => request with { Candidates = Candidates, Origin = DecisionOrigin.Call, User = 7 });

    private static void Play(Log log, ulong key)
    {
        var decision = log.Decide(World.Query((int)key), request => request with { User = 7, PinnedArm = World.Configuration().Arms[(int)(key % 2)].Id });
        log.Settle(decision, 0.0004);
        log.Reward(decision, key % 2);
    }
}
