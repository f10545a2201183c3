using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Evidence;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Evidence;

public sealed class EvidenceTests
{
    private static readonly World World = new(5, [0.0001, 0.001, 0.01]);

    [Fact]
    public void Rows_without_a_hole_teach_what_a_warm_start_with_them_does()
    {
        var (evidence, warm) = (new Log(World.Configuration(budget: 0.002)), new Log(World.Configuration(budget: 0.002)));
        var set = Set(60, (_, _) => true);
        evidence.Event(Evidenced(evidence, set));
        warm.Event(new WarmStartedEvent { Sequence = 2, At = warm.Clock, Set = set, Digest = "evidence" });
        Assert.Equal(warm.Save(), evidence.Save());
    }

    [Fact]
    public void A_log_with_evidence_folds_to_the_same_bytes_and_so_does_a_snapshot_in_its_middle()
    {
        var log = new Log(World.Configuration(budget: 0.002));
        World.Play(log, 0, 40);
        log.Event(Evidenced(log, Set(30, (i, a) => (i + a) % 3 != 0)));
        var copy = new Log(World.Configuration(budget: 0.002)) { State = log.Reload() };
        World.Play(log, 500, 40);
        World.Play(copy, 500, 40);
        Assert.Equal(log.Save(), copy.Save());
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void What_was_spent_and_counted_stays()
    {
        var log = new Log(World.Configuration(budget: 0.002));
        World.Play(log, 0, 50);
        var before = log.State.Report();
        log.Event(Evidenced(log, Set(30, (i, a) => (i + a) % 3 != 0)));
        var after = log.State.Report();
        Assert.Equal((before.Decisions, before.RewardsApplied, before.SpendUsd), (after.Decisions, after.RewardsApplied, after.SpendUsd));
        Assert.Equal(before.Arms.Select(a => a.Statistics), after.Arms.Select(a => a.Statistics));
        Assert.Equal(30, after.WarmStartRows);
    }

    [Fact]
    public void A_policy_that_learns_anew_from_its_journal_learns_from_evidence_too()
    {
        var log = new Log(World.Configuration(budget: 0.002));
        World.Play(log, 0, 20);
        log.Event(Evidenced(log, Set(40, (i, a) => (i + a) % 3 != 0)));
        var before = log.Decide(World.Query(900)).Arms.Select(a => a.Quality).ToArray();
        log.Relearn(World.Configuration(budget: 0.002));
        Assert.Equal(40, log.State.Report().WarmStartRows);
        Assert.All(log.Decide(World.Query(900)).Arms.Zip(before), pair => Assert.Equal(pair.Second, pair.First.Quality, 6));
    }

    [Fact]
    public void Rows_that_know_half_of_the_arms_are_worth_far_more_than_none()
    {
        double Regret(bool knows) => Enumerable.Range(0, 2).Average(w =>
        {
            var world = new World((ulong)(60 + w), [0.001, 0.001, 0.001, 0.001]);
            var log = new Log(world.Configuration());
            if (knows)
            {
                log.Event(Evidenced(log, Set(120, (i, a) => (i + a) % 2 == 0, world)));
            }

            return world.Play(log, 3000, 150).Average();
        });

        var (none, partial) = (Regret(false), Regret(true));
        Assert.True(partial < 0.75 * none, $"{none} {partial}");
    }

    [Fact]
    public void Every_policy_can_learn_from_evidence_even_of_an_arm_that_nobody_has_asked()
    {
        foreach (var policy in PolicyRegistry.All)
        {
            var log = new Log(World.Configuration(policy.Name));
            log.Event(Evidenced(log, Set(20, (_, a) => a != 1)));
            Assert.All(log.Decide(World.Query(500)).Arms, arm => Assert.True(double.IsFinite(arm.Quality), policy.Name));
        }
    }

    [Fact]
    public void Evidence_of_another_embedding_model_changes_nothing_but_the_sequence()
    {
        var log = new Log(World.Configuration());
        World.Play(log, 0, 20);
        var before = log.Decide(World.Query(900)).Arms.Select(a => a.Quality).ToArray();
        log.Event(Evidenced(log, Set(30, (_, _) => true) with { EmbeddingModelId = "another" }));
        Assert.Equal(before, log.State.Decide(new DecisionRequest { Features = World.Query(900) }, log.Clock).Arms.Select(a => a.Quality));
    }

    [Fact]
    public void Evidence_that_tells_of_no_arm_is_refused_and_changes_nothing_when_it_is_in_a_log()
    {
        var set = Set(30, (_, _) => true);
        foreach (var (silent, message) in (ReadOnlySpan<(WarmStartSet, string)>)
            [(Set(30, (_, _) => false), "no Reward of arm0, arm1, arm2 is known"), (set with { ArmIds = ["x", "y", "z"] }, "ArmIds has x, y, z; the tenant's arms are arm0, arm1, arm2")])
        {
            var log = new Log(World.Configuration(budget: 0.002));
            World.Play(log, 0, 20);
            var before = log.Decide(World.Query(900)).Arms.Select(a => a.Quality).ToArray();
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => log.State.CheckEvidence(silent)).Message, StringComparison.Ordinal);
            log.Event(Evidenced(log, silent));
            Assert.Equal(before, log.State.Decide(new DecisionRequest { Features = World.Query(900) }, log.Clock).Arms.Select(a => a.Quality));
            Assert.Null(log.State.WarmStartDigest);
            log.Relearn(World.Configuration(budget: 0.002));
            Assert.All(log.Decide(World.Query(901)).Arms, arm => Assert.True(double.IsFinite(arm.Quality)));
            Assert.Null(log.State.WarmStartDigest);
        }
    }

    [Theory]
    [InlineData("Rows has 7 entries; 8 to 50000")]
    [InlineData("row 3: Rewards[0] is 1.5; it must be 0 to 1")]
    [InlineData("row 3: CostUsd[0] is -1")]
    public void What_cannot_be_learned_from_is_refused_by_name(string message)
    {
        var log = new Log(World.Configuration());
        var set = Set(message.StartsWith("Rows", StringComparison.Ordinal) ? 7 : 20, (_, _) => true);
        WarmStartQuery Bad(WarmStartQuery row) => message.Contains("Rewards", StringComparison.Ordinal) ? row with { Rewards = [1.5, 1, 1] } : row with { CostUsd = [-1, 1, 1] };
        var bad = set with { Rows = [.. set.Rows.Select((r, i) => i == 3 && set.Rows.Count > 7 ? Bad(r) : r)] };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => log.State.CheckEvidence(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_due_when_there_are_enough_new_ones_and_hold_what_is_known()
    {
        var rows = new EvidenceRows();
        for (var i = 1; i <= WarmStartSet.FewestRows; i++)
        {
            Assert.False(rows.IsDue);
            rows.Add(i, World.Query(i));
            rows.Know(i, "arm1", Outcome(0.5));
            Assert.False(rows.IsDue);
            rows.Know(i, "arm2", Outcome(0.75));
        }

        rows.Know(99, "arm2", Outcome(1));
        Assert.True(rows.IsDue);
        var set = rows.Take(Log.Model, ["arm0", "arm1", "arm2"]);
        Assert.False(rows.IsDue);
        Assert.Equal(WarmStartSet.FewestRows, set.Rows.Count);
        Assert.All(set.Rows, row => Assert.Equal([double.NaN, 0.5, 0.75], row.Rewards));
    }

    [Fact]
    public void The_oldest_rows_go_when_there_are_too_many_and_what_comes_of_them_later_is_dropped()
    {
        var rows = new EvidenceRows();
        for (var i = 1; i <= EvidenceRows.MostRows + 5; i++)
        {
            rows.Add(i, World.Query(0));
            rows.Know(i, "arm0", Outcome(0.5));
            rows.Know(i, "arm1", Outcome(0.25));
        }

        rows.Know(1, "arm2", Outcome(1));
        var set = rows.Take(Log.Model, ["arm0", "arm1", "arm2"]);
        Assert.Equal(EvidenceRows.MostRows, set.Rows.Count);
        Assert.All(set.Rows, row => Assert.True(double.IsNaN(row.Rewards[2])));
        Assert.Empty(rows.Take(Log.Model, ["other"]).Rows);
    }

    [Fact]
    public void A_reward_goes_before_a_verdict_on_the_same_answer_whichever_comes_first()
    {
        var rows = new EvidenceRows();
        for (var i = 1; i <= WarmStartSet.FewestRows; i++)
        {
            rows.Add(i, World.Query(i));
            rows.Judge(i, "arm0", Outcome(0.5));
            rows.Know(i, "arm0", Outcome(0.5));
            rows.Know(i, "arm1", Outcome(0.25));
            rows.Judge(i, "arm1", Outcome(0.25));
            rows.Know(i, "arm1", Outcome(0.5));
            rows.Judge(i, "arm1", Outcome(0.5));
        }

        Assert.Equal(1, rows.Reliability);
        Assert.All(rows.TakeDue(Log.Model, ["arm0", "arm1", "arm2"])!.Rows, row => Assert.Equal([0.5, 0.5, double.NaN], row.Rewards));
    }

    [Fact]
    public void Verdicts_that_are_turned_one_time_in_five_are_corrected_by_the_answers_that_have_rewards_as_well()
    {
        // The served arm is right nine times in ten, the asked ones nine and three times.
        double[] right = [0.9, 0.9, 0.3];
        var rows = Played(2000, right, wrong: 0.2);
        Assert.InRange(rows.Reliability, 0.2, 0.45);
        var set = rows.Take(Log.Model, ["arm0", "arm1", "arm2"]);
        Assert.All(Enumerable.Range(0, 3), a => Assert.InRange(set.Rows.Average(row => row.Rewards[a]), right[a] - 0.06, right[a] + 0.06));
        Assert.All(set.Rows, row => Assert.True(row.Rewards[0] is 0 or 1));
    }

    [Fact]
    public void A_judge_that_draws_lots_teaches_nothing_where_rewards_show_it_and_is_believed_where_there_are_none()
    {
        var rows = Played(200, [0.9, 0.9, 0.3], wrong: 0.5);
        Assert.False(rows.IsDue);
        Assert.Null(rows.TakeDue(Log.Model, ["arm0", "arm1", "arm2"]));
        Assert.All(rows.Take(Log.Model, ["arm0", "arm1", "arm2"]).Rows, row => Assert.True(double.IsNaN(row.Rewards[1]) && double.IsNaN(row.Rewards[2])));
        Assert.Empty(rows.QuizOf(Log.Model, "arm1", ["arm0", "arm1", "arm2"], [1, 2, 3]).Outcomes.Rows);

        Assert.NotNull(Played(200, [0.9, 0.9, 0.3], wrong: 0.5, speaks: false).TakeDue(Log.Model, ["arm0", "arm1", "arm2"]));
    }

    [Fact]
    public void A_judge_that_has_taught_and_turns_out_to_draw_lots_is_unlearned_as_long_as_rewards_leave_rows()
    {
        var rows = Played(10, [0.9, 0.9, 0.3], wrong: 0);
        Assert.NotNull(rows.TakeDue(Log.Model, ["arm0", "arm1", "arm2"]));
        Play(rows, 11, 300, [0.9, 0.9, 0.3], wrong: 0.5);
        Assert.All(rows.TakeDue(Log.Model, ["arm0", "arm1", "arm2"])!.Rows, row => Assert.Equal([false, true, true], row.Rewards.Select(double.IsNaN)));

        var few = new EvidenceRows();
        Play(few, 1, 10, [0.9, 0.9, 0.3], wrong: 0, speaks: false);
        Assert.NotNull(few.TakeDue(Log.Model, ["arm0", "arm1", "arm2"]));
        few.Know(1, "arm0", Outcome(0));
        few.Know(2, "arm0", Outcome(0));
        few.Judge(1, "arm0", Outcome(1));
        few.Judge(2, "arm0", Outcome(1));
        for (var i = 20; i < 60; i++)
        {
            few.Add(i, World.Query(i));
            few.Judge(i, "arm1", Outcome(0.5));
        }

        Assert.True(few.IsDue);
        Assert.Null(few.TakeDue(Log.Model, ["arm0", "arm1", "arm2"]));
    }

    [Fact]
    public void While_no_verdict_has_come_what_answers_took_and_the_rewards_of_others_are_learned_from()
    {
        var rows = new EvidenceRows();
        for (var i = 1; i <= WarmStartSet.FewestRows; i++)
        {
            Assert.False(rows.IsDue);
            rows.Add(i, World.Query(i));
            rows.Know(i, "arm0", Outcome(0.5));
            Assert.True(rows.Charge(i, "arm1", Outcome(double.NaN)));
            Assert.False(rows.Charge(i, "arm1", Outcome(double.NaN)));
        }

        var set = rows.TakeDue(Log.Model, ["arm0", "arm1", "arm2"])!;
        Assert.All(set.Rows, row => Assert.Equal([0.5, double.NaN, double.NaN], row.Rewards));
        Assert.All(set.Rows, row => Assert.Equal([0.001, 0.001, double.NaN], row.CostUsd));

        for (var i = 20; i <= 200; i++)
        {
            rows.Add(i, World.Query(i));
            rows.Know(i, "arm0", Outcome(0.5));
        }

        Assert.False(rows.IsDue);
        var restored = new EvidenceRows();
        restored.Restore(set);
        Assert.Equal(set.Rows.Select(row => row.CostUsd[1]), restored.Take(Log.Model, ["arm0", "arm1", "arm2"]).Rows.Select(row => row.CostUsd[1]));
    }

    [Fact]
    public void What_an_answer_took_is_learned_before_what_it_is_worth()
    {
        var log = new Log(World.Configuration(budget: 0.002));
        var set = Set(40, (_, a) => a != 2);
        var long2 = new TokenUsage(50, 0, 1000);
        var told = set with { Rows = [.. set.Rows.Select(row => row with { CostUsd = [row.CostUsd[0], row.CostUsd[1], 0.1], Usage = [row.Usage[0], row.Usage[1], long2] })] };
        var other = new Log(World.Configuration(budget: 0.002));
        log.Event(Evidenced(log, told));
        other.Event(Evidenced(other, set));
        var (known, unknown) = (log.Decide(World.Query(900)).Arms[2], other.Decide(World.Query(900)).Arms[2]);
        Assert.True(known.CostUsd > 3 * unknown.CostUsd, $"{known.CostUsd} {unknown.CostUsd}");
        Assert.Contains("CostUsd[2]", Assert.Throws<ArgumentException>(() => log.State.CheckEvidence(set with { Rows = [.. set.Rows.Select(row => row with { CostUsd = [0.1, 0.1, -1] })] })).Message, StringComparison.Ordinal);
    }

    // The first arm serves and gets a reward where people speak; all are judged.
    private static EvidenceRows Played(int count, double[] right, double wrong, bool speaks = true)
    {
        var rows = new EvidenceRows();
        Play(rows, 1, count, right, wrong, speaks);
        return rows;
    }

    private static void Play(EvidenceRows rows, int first, int count, double[] right, double wrong, bool speaks = true)
    {
        for (var i = first; i < first + count; i++)
        {
            rows.Add(i, World.Query(i));
            for (var a = 0; a < right.Length; a++)
            {
                var place = (ulong)((64 * i) + a);
                var reward = CounterRandom.Uniform(5, place) < right[a] ? 1 : 0;
                rows.Judge(i, $"arm{a}", Outcome(CounterRandom.Uniform(6, place) < wrong ? 1 - reward : reward));
                if (a == 0 && speaks)
                {
                    rows.Know(i, "arm0", Outcome(reward));
                }
            }
        }
    }

    private static EvidenceOutcome Outcome(double reward) => new(reward, default, 0.001, double.NaN);

    private static EvidencedEvent Evidenced(Log log, WarmStartSet set) =>
        new() { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Set = set, Digest = "evidence" };

    private static WarmStartSet Set(int rows, Func<int, int, bool> known, World? of = null) => new()
    {
        EmbeddingModelId = Log.Model,
        ArmIds = [.. Enumerable.Range(0, (of ?? World).Arms).Select(a => $"arm{a}")],
        Rows = [.. Enumerable.Range(2000, rows).Select(i =>
        {
            var row = (of ?? World).WarmRow(i, i);
            return row with
            {
                Rewards = [.. row.Rewards.Select((r, a) => known(i, a) ? r : double.NaN)],
                CostUsd = [.. row.CostUsd.Select((c, a) => known(i, a) ? c : double.NaN)],
                Usage = [.. row.Usage.Select((u, a) => known(i, a) ? u : default)],
            };
        })],
    };
}
