using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class QuizTests
{
    private static readonly World World = new(5, [0.0001, 0.001, 0.01]);

    [Fact]
    public void Books_features_and_other_arms_stay_and_the_report_counts_the_rows()
    {
        var log = Joined();
        var before = log.State.Report();
        log.Event(Quizzed(log, Quiz(30)));
        var after = log.State.Report();
        Assert.Equal((before.Decisions, before.RewardsApplied, before.SpendUsd, before.FeatureSchema), (after.Decisions, after.RewardsApplied, after.SpendUsd, after.FeatureSchema));
        Assert.Equal(before.Arms.Select(a => a.Statistics), after.Arms.Select(a => a.Statistics));
        Assert.Equal([0, 0, 30], after.Arms.Select(a => a.QuizRows));
        log.Event(Quizzed(log, Quiz(12)));
        Assert.Equal(42, log.State.QuizRows("arm2"));
    }

    [Fact]
    public void A_log_with_a_quiz_folds_to_the_same_bytes_and_so_does_a_snapshot_in_its_middle()
    {
        var log = Joined();
        log.Event(Quizzed(log, Quiz(30)));
        var copy = new Log(World.Configuration(budget: 0.002)) { State = log.Reload() };
        Assert.Equal(log.Save(), copy.Save());
        World.Play(log, 500, 40);
        World.Play(copy, 500, 40);
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
    public void Quizzes_that_were_recorded_but_fit_no_longer_change_nothing_but_the_sequence()
    {
        var log = Joined();
        log.Event(Quizzed(log, Quiz(30)));
        var taught = log.State.Report();
        var before = log.Decide(World.Query(900)).Arms;
        var quiz = Quiz(20);
        foreach (var stale in new[]
        {
            Quizzed(log, Quiz(30)), // once more, recorded by another owner
            Quizzed(log, quiz with { ArmId = "gone", Outcomes = quiz.Outcomes with { ArmIds = ["arm0", "arm1", "gone"] } }),
            Quizzed(log, quiz with { Outcomes = quiz.Outcomes with { EmbeddingModelId = "another" } }),
        })
        {
            log.Event(stale with { Sequence = log.State.AppliedSequence + 1 });
        }

        Assert.Equal(taught.EventsApplied + 3, log.State.AppliedSequence);
        Assert.Equal(30, log.State.QuizRows("arm2"));
        Assert.Equal(before.Select(a => a.Quality), log.State.Decide(new DecisionRequest { Features = World.Query(900) }, log.Clock).Arms.Select(a => a.Quality));
    }

    [Fact]
    public void What_an_arm_was_asked_goes_with_the_arm_and_with_the_policy()
    {
        var log = Joined();
        log.Event(Quizzed(log, Quiz(30)));
        var configuration = log.State.Configuration!;
        log.Configure(configuration with { UsdPerRequest = 0.003 });
        Assert.True(log.State.HasQuiz("arm2", Digest(30)));
        log.Configure(configuration with { Arms = [.. configuration.Arms.Take(2)] });
        log.Configure(configuration);
        Assert.False(log.State.HasQuiz("arm2", Digest(30)));
        log.Event(Quizzed(log, Quiz(30)));
        Assert.Equal(30, log.State.QuizRows("arm2"));
        log.Configure(configuration with { Seed = 99 });
        Assert.Equal(0, log.State.QuizRows("arm2"));
    }

    [Fact]
    public void Outcomes_are_found_by_arm_id_and_those_of_further_arms_are_passed_over()
    {
        var (straight, turned) = (Joined(), Joined());
        straight.Event(Quizzed(straight, Quiz(25)));
        var quiz = Quiz(25);
        turned.Event(Quizzed(turned, quiz with
        {
            Outcomes = quiz.Outcomes with
            {
                ArmIds = ["other", .. quiz.Outcomes.ArmIds.Reverse()],
                Rows = [.. quiz.Outcomes.Rows.Select(r => new WarmStartQuery(
                    r.Features, [0.5, .. r.Rewards.Reverse()], [default, .. r.Usage.Reverse()], [9, .. r.CostUsd.Reverse()], [1, .. r.LatencySeconds.Reverse()]))],
            },
        }));
        Assert.Equal(straight.Save(), turned.Save());
    }

    [Fact]
    public void An_arm_that_was_asked_is_routed_to_better_from_its_first_request_on()
    {
        double Regret(int rows) => Enumerable.Range(0, 6).Average(w =>
        {
            var world = new World((ulong)(40 + w), [0.001, 0.001, 0.001]);
            var log = Joined(world, null);
            if (rows > 0)
            {
                log.Event(Quizzed(log, Quiz(rows, world)));
            }

            return world.Play(log, 3000, 60).Average();
        });

        var (without, with) = (Regret(0), Regret(40));
        Assert.True(with < 0.9 * without, $"{with} {without}");
    }

    [Fact]
    public void One_row_is_enough_for_every_policy()
    {
        foreach (var policy in PolicyRegistry.All)
        {
            var log = new Log(World.Configuration(policy.Name));
            log.Event(Quizzed(log, Quiz(1)));
            Assert.All(log.Decide(World.Query(500)).Arms, arm => Assert.True(double.IsFinite(arm.Quality), policy.Name));
        }
    }

    [Theory]
    [InlineData("EmbeddingModelId is 'x'")]
    [InlineData("Rows has 0 entries; 1 to 500")]
    [InlineData("Rows has 501 entries")]
    [InlineData("ArmIds names an arm twice")]
    [InlineData("ArmIds lacks 'arm2'")]
    [InlineData("ArmId is 'arm9'")]
    [InlineData("row 3: Rewards[2] is NaN; it must be 0 to 1")]
    [InlineData("row 3: Rewards[0] is 1.5")]
    [InlineData("row 3: Embedding has 2 entries")]
    [InlineData("row 3: Usage has 1 entries")]
    public void What_cannot_be_learned_from_is_refused_by_name(string message)
    {
        var log = Joined();
        var quiz = Quiz(20);
        QuizSet With(Func<WarmStartSet, WarmStartSet> change) => quiz with { Outcomes = change(quiz.Outcomes) };
        QuizSet Row(Func<WarmStartQuery, WarmStartQuery> change) => With(s => s with { Rows = [.. s.Rows.Select((r, i) => i == 3 ? change(r) : r)] });
        var bad = message.Split(' ') switch
        {
            ["EmbeddingModelId", ..] => With(s => s with { EmbeddingModelId = "x" }),
            ["Rows", _, "0", ..] => With(s => s with { Rows = [] }),
            ["Rows", ..] => With(s => s with { Rows = [.. Quiz(501).Outcomes.Rows] }),
            ["ArmIds", "names", ..] => With(s => s with { ArmIds = ["arm0", "arm0", "arm2"] }),
            ["ArmIds", ..] => With(s => s with { ArmIds = ["arm0", "arm1", "other"] }),
            ["ArmId", ..] => quiz with { ArmId = "arm9" },
            [_, _, "Rewards[2]", ..] => Row(r => r with { Rewards = [1, 1, double.NaN] }),
            [_, _, "Rewards[0]", ..] => Row(r => r with { Rewards = [1.5, 1, 1] }),
            [_, _, "Embedding", ..] => Row(r => r with { Features = r.Features with { Embedding = [1, 2] } }),
            _ => Row(r => r with { Usage = [default] }),
        };

        var error = Assert.Throws<ArgumentException>(() => log.State.CheckQuiz(bad));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    // Two arms that have been running on a warm start, and a third that has just joined.
    private static Log Joined(World? of = null, double? budget = 0.002)
    {
        var world = of ?? World;
        var configuration = world.Configuration(budget: budget);
        var log = new Log(configuration with { Arms = [.. configuration.Arms.Take(2)] });
        log.Event(new WarmStartedEvent
        {
            Sequence = 2,
            At = log.Clock,
            Set = new WarmStartSet { EmbeddingModelId = Log.Model, ArmIds = ["arm0", "arm1", "arm2"], Rows = [.. Enumerable.Range(0, 150).Select(i => world.WarmRow(i, i))] },
            Digest = "warm",
        });
        world.Play(log, 200, 50);
        log.Configure(configuration);
        return log;
    }

    private static string Digest(int rows) => $"digest of {rows}";

    private static QuizSet Quiz(int rows, World? of = null) => new()
    {
        ArmId = "arm2",
        Outcomes = new WarmStartSet
        {
            EmbeddingModelId = Log.Model,
            ArmIds = ["arm0", "arm1", "arm2"],
            Rows = [.. Enumerable.Range(2000, rows).Select(i => (of ?? World).WarmRow(i, i))],
        },
    };

    private static QuizzedEvent Quizzed(Log log, QuizSet quiz) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Quiz = quiz,
        Digest = Digest(quiz.Outcomes.Rows.Count),
    };
}
