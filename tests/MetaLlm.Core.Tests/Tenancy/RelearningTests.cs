using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class RelearningTests
{
    private static readonly World World = new(11, [0.001, 0.001, 0.001]);

    [Theory]
    [MemberData(nameof(World.Policies), MemberType = typeof(World))]
    public void A_policy_that_is_relearned_under_its_own_configuration_believes_what_it_believed(string policy)
    {
        var log = Played(policy);
        var query = new DecisionRequest { Features = World.Query(900) };
        var (expected, statistics) = (log.State.Decide(query, log.Clock), log.State.Report().Arms);
        log.Relearn(log.State.Configuration!);
        var found = log.State.Decide(query, log.Clock);

        Assert.Equal(statistics, log.State.Report().Arms);
        Assert.Equal(expected.Arms, found.Arms);
    }

    [Fact]
    public void Another_policy_and_back_again_has_all_that_the_journal_holds()
    {
        var log = Played();
        var (configuration, before) = (log.State.Configuration!, log.State.Report().Arms);
        log.Configure(configuration with { Policy = "linucb" });
        log.Configure(configuration);
        Assert.All(log.State.Report().Arms, a => Assert.Equal(0, a.Statistics.Pulls));
        log.Relearn(configuration);

        Assert.Equal(before, log.State.Report().Arms);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void A_change_of_policy_that_relearns_is_what_a_policy_would_know_that_had_run_from_the_start()
    {
        var log = Played();
        var rewards = log.State.Report().Arms.Select(a => a.Statistics.Rewards);
        log.Relearn(log.State.Configuration! with { Policy = "linucb" });
        Assert.Equal("linucb", log.State.Report().Policy);
        Assert.Equal(rewards, log.State.Report().Arms.Select(a => a.Statistics.Rewards));
        World.Play(log, 500, 30);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void Warm_starts_quizzes_renames_and_arms_that_left_and_came_back_are_learned_from()
    {
        var log = Played();
        var set = new WarmStartSet { EmbeddingModelId = Log.Model, ArmIds = ["arm0", "arm1", "arm2"], Rows = [.. Enumerable.Range(0, 100).Select(i => World.WarmRow(i, i))] };
        log.Event(new WarmStartedEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Set = set, Digest = "warm" });
        World.Play(log, 200, 30);
        log.Event(new QuizzedEvent
        {
            Sequence = log.State.AppliedSequence + 1,
            At = log.Clock,
            Digest = "quiz",
            Quiz = new QuizSet { ArmId = "arm1", Outcomes = set with { Rows = [.. Enumerable.Range(300, 20).Select(i => World.WarmRow(i, i))] } },
        });
        var configuration = log.State.Configuration!;
        log.Configure(configuration with { Arms = [.. configuration.Arms.Select(a => a.Id == "arm1" ? a with { Id = "new1", RenamedFrom = "arm1" } : a)] });
        World.Play(log, 400, 30);
        var (renamed, before) = (log.State.Configuration!, log.State.Report().Arms);
        log.Configure(renamed with { Arms = [.. renamed.Arms.Take(2)] });
        log.Configure(renamed);
        Assert.Equal(0, log.State.Report().Arms[2].Statistics.Pulls);
        log.Relearn(renamed);

        var report = log.State.Report();
        Assert.Equal((100, 20), (report.WarmStartRows, report.Arms[1].QuizRows));
        Assert.Equal("warm", log.State.WarmStartDigest);
        Assert.Equal(before.Select(Whole), report.Arms.Select(Whole));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void Contexts_of_another_layout_are_counted_and_not_learned_from()
    {
        var (log, fresh) = (Played(), new Log(World.Configuration() with { Parts = ContextParts.Structural }));
        log.Relearn(log.State.Configuration! with { Parts = ContextParts.Structural });
        var query = new DecisionRequest { Features = World.Query(900) };
        Assert.Equal(fresh.State.Decide(query, log.Clock).Arms, log.State.Decide(query, log.Clock).Arms);
        Assert.Equal(40, log.State.Report().Arms.Sum(a => a.Statistics.Rewards));
        World.Play(log, 500, 5);
        log.Relearn(log.State.Configuration! with { Parts = ContextParts.All });
        Assert.Equal((45, 45), (log.State.Report().Arms.Sum(a => a.Statistics.Pulls), log.State.Report().Arms.Sum(a => a.Statistics.Rewards)));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void What_a_change_would_forget_is_counted_before()
    {
        var log = Played();
        var configuration = log.State.Configuration!;
        Assert.Null(log.State.FindForgotten(configuration with { PriceWeight = 3, Arms = [.. configuration.Arms.Take(1)] }));
        var lost = log.State.FindForgotten(configuration with { Policy = "linucb", Seed = 99, Parts = ContextParts.Task })!;
        Assert.Equal(["policy", "seed", "context"], lost.Members);
        Assert.Equal((40, 40), (lost.Decisions, lost.Rewards));
        Assert.Contains("40 decisions, 40 rewards", new PolicyRestartException(lost).Message, StringComparison.Ordinal);
        Assert.Null(new Log(configuration).State.FindForgotten(configuration with { Policy = "linucb" }));
    }

    [Fact]
    public void Counters_of_arms_survive_a_warm_start_and_add_up_with_the_tenants()
    {
        var log = Played();
        var set = new WarmStartSet { EmbeddingModelId = Log.Model, ArmIds = ["arm0", "arm1", "arm2"], Rows = [.. Enumerable.Range(0, 100).Select(i => World.WarmRow(i, i))] };
        var before = log.State.Report();
        log.Event(new WarmStartedEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Set = set, Digest = "warm" });
        Assert.Equal(before.Arms, log.State.Report().Arms);
        World.Play(log, 200, 10);

        var after = log.State.Report();
        Assert.Equal((50, 50), (after.Arms.Sum(a => a.Statistics.Pulls), after.Arms.Sum(a => a.Statistics.Rewards)));
        Assert.Equal(after.SpendUsd, after.Arms.Sum(a => a.Statistics.SpendUsd), 1e-12);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void An_event_that_relearns_is_not_applied_without_the_journal()
    {
        var log = Played();
        var relearns = new ConfiguredEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Configuration = log.State.Configuration!, Relearns = true };
        Assert.Throws<InvalidOperationException>(() => log.State.Apply(relearns));
        Assert.Throws<InvalidOperationException>(() => log.State.BeginRelearning(relearns with { Sequence = 3 }));
        Assert.Throws<InvalidOperationException>(() => log.State.BeginRelearning(relearns with { Relearns = false }));
        Assert.Throws<InvalidOperationException>(() => log.State.EndRelearning(relearns));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    private static (string, long, long, int) Whole(ArmReport arm) => (arm.ArmId, arm.Statistics.Pulls, arm.Statistics.Rewards, arm.QuizRows);

    private static Log Played(string policy = "metallm")
    {
        var log = new Log(World.Configuration(policy));
        World.Play(log, 0, 40);
        return log;
    }
}
