using MetaLlm.Core.Judging;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Judging;

public sealed class JudgeBookTests
{
    private const int Seeds = 4;

    private static readonly TenantConfiguration Two = new() { Arms = [Log.Arm("a", 0.001), Log.Arm("b", 0.001)], Policy = "linucb" };

    [Fact]
    public void Verdicts_and_first_words_become_pairs_and_corrections_do_not()
    {
        var log = new Log(Two);
        var (spoken, silent) = (log.Decide(Log.Query(1)), log.Decide(Log.Query(2)));
        Judge(log, spoken, 0.75, inclusion: 0.5, position: 1);
        Judge(log, silent, 0.25, inclusion: 0.25);
        Speak(log, spoken, 1, previous: 0.75, verdict: 0.75);
        Speak(log, spoken, 0, previous: 1, verdict: null);

        var report = Assert.Single(log.State.Report().Judges);
        Assert.Equal(("quality", 1, 2L, 1L), (report.Judge, report.Version, report.All.Count, report.Pairs.Count));
        Assert.Equal((0.25, 1L, 1L, 0L), (report.Error, report.Compared, report.FirstWon, report.SecondWon));
        Assert.Equal(1, report.Pairs.MeanReward, 12);

        // Taken with half the probability, the second counts twice as much.
        Assert.Equal(((2 * 0.75) + (4 * 0.25)) / 6, report.All.MeanVerdict, 12);
    }

    [Fact]
    public void A_state_comes_back_bit_for_bit_from_bytes_and_from_the_log()
    {
        var log = new Log(Two);
        for (ulong i = 0; i < 40; i++)
        {
            var decision = log.Decide(Log.Query(i));
            Judge(log, decision, CounterRandom.Uniform(3, i), 0.5);
            if (i % 3 == 0)
            {
                Speak(log, decision, 1, CounterRandom.Uniform(3, i), CounterRandom.Uniform(3, i));
            }
        }

        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equivalent(log.State.Report().Judges, log.Reload().Report().Judges, strict: true);
    }

    [Fact]
    public void Without_verdicts_the_bytes_are_those_of_a_state_that_knows_none()
    {
        var log = new Log(Two);
        log.Reward(log.Decide(Log.Query(1)), 1);
        Assert.False(HasSection(log));
        Judge(log, log.Decide(Log.Query(2)), 0.5, 1);
        Assert.True(HasSection(log));
    }

    private static bool HasSection(Log log) => log.Save().AsSpan().IndexOf("judges"u8) >= 0;

    [Fact]
    public void A_renamed_arm_keeps_what_judges_said_of_it()
    {
        var log = new Log(Two with { Policy = "metallm" });
        var decision = log.Decide(Log.Query(1));
        Judge(log, decision, 0.5, 1);
        log.Configure(Two with { Policy = "metallm", Arms = [.. Two.Arms.Select(arm => arm with { Id = arm.Id + "2", RenamedFrom = arm.Id })] });
        Speak(log, decision, 1, 0.5, 0.5);
        var arm = Assert.Single(log.State.Report().Judges[0].Arms);
        Assert.Equal((decision.ChosenArm + "2", 1L, 1L), (arm.ArmId, arm.All.Count, arm.Pairs.Count));
    }

    [Fact]
    public void A_verdict_is_learned_from_at_its_weight_and_a_person_replaces_it()
    {
        var (judged, told) = (new Log(Two), new Log(Two));
        var (one, other) = (judged.Decide(Log.Query(1)), told.Decide(Log.Query(1)));
        Judge(judged, one, 0.25, 1, weight: 0.5);
        Speak(judged, one, 1, previous: 0.25, verdict: 0.25, previousWeight: 0.5);
        told.Reward(other, 1);
        var (after, plain) = (judged.State.Report().Arms, told.State.Report().Arms);
        for (var a = 0; a < after.Count; a++)
        {
            Assert.Equal(plain[a].Statistics.MeanReward, after[a].Statistics.MeanReward, 9);
        }
    }

    [Fact]
    public void Canaries_are_compared_by_people_alone()
    {
        var log = new Log(Two with { Canary = new CanarySettings { Arm = "b", Share = 0.5 } });
        var decisions = Enumerable.Range(0, 20).Select(i => log.Decide(Log.Query((ulong)i), request => request with { Unit = (ulong)i + 1 })).ToList();
        foreach (var decision in decisions)
        {
            Judge(log, decision, 0.5, 1);
        }

        var before = log.State.Report().Canary!;
        Assert.Equal((0L, 0L), (before.Canary.Rewards, before.Others.Rewards));
        foreach (var decision in decisions)
        {
            Speak(log, decision, 1, 0.5, 0.5);
        }

        var after = log.State.Report().Canary!;
        Assert.Equal(20, after.Canary.Rewards + after.Others.Rewards);
    }

    [Fact]
    public void Only_so_many_versions_are_remembered()
    {
        var log = new Log(Two);
        for (var version = 1; version <= JudgeBook.MostJudges + 3; version++)
        {
            Judge(log, log.Decide(Log.Query((ulong)version)), 0.5, 1, version: version);
        }

        var known = log.State.Report().Judges;
        Assert.Equal(JudgeBook.MostJudges, known.Count);
        Assert.Equal(4, known.Min(judge => judge.Version));
    }

    /// <summary>A judge that draws lots, believed by what is measured of it beside people, against nobody: what is earned is the same but for chance.</summary>
    [Fact]
    public void A_useless_judge_does_not_hurt()
    {
        var (with, without) = (0.0, 0.0);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            with += Play(seed, accuracy: 0.5, trust: 0) / Seeds;
            without += Play(seed, accuracy: null, trust: 0) / Seeds;
        }

        Assert.InRange(with, without - 0.02, without + 0.02);
    }

    /// <summary>The same with a judge that is right nine times in ten, where few people speak.</summary>
    [Fact]
    public void A_good_judge_helps_where_few_people_speak()
    {
        var (with, without) = (0.0, 0.0);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            with += Play(seed, accuracy: 0.9, trust: 0.5) / Seeds;
            without += Play(seed, accuracy: null, trust: 0) / Seeds;
        }

        Assert.True(with > without + 0.02, $"{with} with the judge, {without} without");
    }

    /// <returns>Mean reward over a stream in which one model is good at half of the queries and the other at the rest, and a twentieth of the answers is rated by people.</returns>
    private static double Play(ulong seed, double? accuracy, double trust)
    {
        const int Requests = 600;
        var log = new Log(Two with { Policy = "lin-ts", Seed = seed });
        var total = 0.0;
        var standing = JudgeStanding.Of(null, new JudgeTerms(trust, ErrorBound: 0.4));
        for (var i = 0; i < Requests; i++)
        {
            double Draw(ulong of) => CounterRandom.Uniform(seed + 100, (8UL * (ulong)i) + of);
            var query = Log.Query((seed * 10_000) + (ulong)i);
            var decision = log.Decide(query);
            var isGood = (query.Embedding[0] > 0) == (decision.ChosenArm == "a");
            var reward = Draw(0) < (isGood ? 0.9 : 0.3) ? 1 : 0;
            total += reward / (double)Requests;
            double? verdict = null;
            if (accuracy is { } right)
            {
                if (i % 20 == 0)
                {
                    standing = JudgeStanding.Of(log.State.Report().Judges is [var known, ..] ? known : null, new JudgeTerms(trust, ErrorBound: 0.4));
                }

                if (standing.IsAsked)
                {
                    verdict = Draw(1) < right ? reward : 1 - reward;
                    var (corrected, weight) = JudgeStanding.Combine(decision.ChosenArm, [(new JudgeVerdict("quality", 1, verdict.Value, 1), standing)]);
                    Judge(log, decision, verdict.Value, 1, weight: weight, reward: corrected);
                    if (Draw(2) < 0.05)
                    {
                        Speak(log, decision, reward, corrected, verdict, weight);
                    }

                    continue;
                }
            }

            if (Draw(2) < 0.05)
            {
                log.Reward(decision, reward);
            }
        }

        return total;
    }

    private static void Judge(Log log, DecisionRecord decision, double score, double inclusion, int? position = null, int version = 1, double weight = 0.5, double? reward = null) => log.Event(new RewardedEvent
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = reward ?? score,
        PreviousReward = null,
        Weight = weight,
        IsVerdict = true,
        Verdicts = JudgeVerdict.Encode([new JudgeVerdict("quality", version, score, inclusion, position)]),
    });

    private static void Speak(Log log, DecisionRecord decision, double reward, double previous, double? verdict, double previousWeight = 0.5) => log.Event(new RewardedEvent
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = reward,
        PreviousReward = previous,
        PreviousWeight = previousWeight,
        Verdicts = verdict is { } score ? JudgeVerdict.Encode([new JudgeVerdict("quality", 1, score, 0.5)]) : null,
    });
}
