using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class WarmStartTests
{
    private static readonly World World = new(5, [0.0001, 0.001, 0.01]);

    [Fact]
    public void The_event_teaches_what_rows_given_before_the_first_decision_teach()
    {
        var direct = new Log(World.Configuration(budget: 0.002));
        direct.State.WarmStart(Rows(200));
        var taught = new Log(World.Configuration(budget: 0.002));
        taught.Event(Started(taught, Set(200)));

        var expected = direct.Decide(World.Query(1000));
        var found = taught.Decide(World.Query(1000));
        Assert.Equal(expected.Arms, found.Arms);
        Assert.Equal((expected.Lambda, expected.FeatureSchema), (found.Lambda, found.FeatureSchema));
        Assert.Equal((0, 200), (direct.State.Report().WarmStartRows, taught.State.Report().WarmStartRows));
    }

    [Fact]
    public void A_tenant_that_has_long_been_running_is_taught_anew_and_its_books_stay()
    {
        var log = new Log(World.Configuration(budget: 0.002));
        World.Play(log, 0, 50);
        var before = log.State.Report();
        log.Event(Started(log, Set(200)));
        var after = log.State.Report();

        Assert.Equal((before.Decisions, before.RewardsApplied, before.SpendUsd), (after.Decisions, after.RewardsApplied, after.SpendUsd));
        Assert.NotEqual(before.FeatureSchema, after.FeatureSchema);
        Assert.Equal(200, after.WarmStartRows);
        var regret = World.Play(log, 2000, 200).Average();
        var cold = new Log(World.Configuration(budget: 0.002));
        Assert.True(regret < World.Play(cold, 2000, 200).Average(), $"A taught tenant regrets {regret}.");
    }

    [Fact]
    public void Outcomes_are_found_by_arm_id_whatever_the_order_and_further_arms_are_left_out()
    {
        var straight = new Log(World.Configuration());
        straight.Event(Started(straight, Set(60)));
        var set = Set(60);
        var turned = new Log(World.Configuration());
        turned.Event(Started(turned, set with
        {
            ArmIds = ["gone", .. set.ArmIds.Reverse()],
            Rows = [.. set.Rows.Select(r => new WarmStartQuery(
                r.Features, [0.5, .. r.Rewards.Reverse()], [default, .. r.Usage.Reverse()], [9, .. r.CostUsd.Reverse()], [1, .. r.LatencySeconds.Reverse()]))],
        }));

        Assert.Equal(Log.Save(straight.State), Log.Save(turned.State));
    }

    [Fact]
    public void A_durable_set_that_no_longer_fits_changes_nothing_but_the_sequence()
    {
        var log = new Log(World.Configuration());
        World.Play(log, 0, 10);
        var before = log.State.Report();
        log.Event(Started(log, Set(60) with { EmbeddingModelId = "another-model" }));
        log.Event(Started(log, Set(60) with { ArmIds = ["arm0", "arm1", "gone"] }));
        var after = log.State.Report();

        Assert.Equal(before.EventsApplied + 2, after.EventsApplied);
        Assert.Equal((before.FeatureSchema, 0), (after.FeatureSchema, after.WarmStartRows));
        Assert.Equal(before.Arms, after.Arms);
    }

    [Fact]
    public void A_snapshot_remembers_the_warm_start_and_another_policy_forgets_it()
    {
        var log = new Log(World.Configuration());
        var started = Started(log, Set(60));
        log.Event(started);
        Assert.Equal(started.Digest, log.State.WarmStartDigest);
        var copy = log.Reload();
        Assert.Equal((started.Digest, 60), (copy.WarmStartDigest, copy.Report().WarmStartRows));
        Assert.Equal(log.Save(), Log.Save(copy));

        log.Configure(World.Configuration() with { Seed = 99 });
        Assert.Null(log.State.WarmStartDigest);
        Assert.Equal(0, log.State.Report().WarmStartRows);
    }

    [Theory]
    [InlineData("EmbeddingModelId is 'x'")]
    [InlineData("Rows has 7 entries; 8 to 50000")]
    [InlineData("ArmIds names an arm twice")]
    [InlineData("ArmIds lacks 'arm2'")]
    [InlineData("row 3: Rewards[1] is 1.5; it must be 0 to 1")]
    [InlineData("row 3: Embedding has 2 entries; 8 finite ones")]
    [InlineData("row 3: Structural has 1 entries")]
    [InlineData("row 3: InputTokens is 0")]
    [InlineData("row 3: Task has 0 characters")]
    [InlineData("row 3: CostUsd has 1 entries")]
    public void What_cannot_be_learned_from_is_refused_by_name(string message)
    {
        var log = new Log(World.Configuration());
        var set = Set(20);
        WarmStartSet With(Func<WarmStartQuery, WarmStartQuery> change) => set with { Rows = [.. set.Rows.Select((r, i) => i == 3 ? change(r) : r)] };
        var bad = message.Split(' ') switch
        {
            ["EmbeddingModelId", ..] => set with { EmbeddingModelId = "x" },
            ["Rows", ..] => set with { Rows = [.. set.Rows.Take(7)] },
            ["ArmIds", "names", ..] => set with { ArmIds = ["arm0", "arm0", "arm2"] },
            ["ArmIds", ..] => set with { ArmIds = ["arm0", "arm1", "arm9"] },
            [_, _, "Rewards[1]", ..] => With(r => r with { Rewards = [1, 1.5, 0] }),
            [_, _, "Embedding", ..] => With(r => r with { Features = r.Features with { Embedding = [1, 2] } }),
            [_, _, "Structural", ..] => With(r => r with { Features = r.Features with { Structural = [1] } }),
            [_, _, "InputTokens", ..] => With(r => r with { Features = r.Features with { InputTokens = 0 } }),
            [_, _, "Task", ..] => With(r => r with { Features = r.Features with { Task = "" } }),
            _ => With(r => r with { CostUsd = [1] }),
        };

        var error = Assert.Throws<ArgumentException>(() => log.State.CheckWarmStart(bad));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fewest_rows_that_are_legal_can_be_learned_from_by_every_policy()
    {
        foreach (var policy in PolicyRegistry.All)
        {
            var log = new Log(World.Configuration(policy.Name));
            log.Event(Started(log, Set(WarmStartSet.FewestRows)));
            Assert.All(log.Decide(World.Query(500)).Arms, arm => Assert.True(double.IsFinite(arm.Quality), policy.Name));
        }
    }

    private static WarmStartQuery[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => World.WarmRow(i, i))];

    private static WarmStartSet Set(int count) => new()
    {
        EmbeddingModelId = Log.Model,
        ArmIds = ["arm0", "arm1", "arm2"],
        Rows = Rows(count),
    };

    private static WarmStartedEvent Started(Log log, WarmStartSet set) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Set = set,
        Digest = $"digest of {set.Rows.Count}",
    };
}
