using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Cascades;

public sealed class TenantCascadeTests
{
    private const double SmallUsd = 0.0001;
    private const double LargeUsd = 0.002;

    private static readonly TenantConfiguration Single = new()
    {
        Arms = [Log.Arm("small", SmallUsd), Log.Arm("large", LargeUsd)],
        Policy = "linucb",
        PriceWeight = 300,
    };

    private static readonly TenantConfiguration Cascaded = Single with { Cascade = new CascadeSettings { Models = ["large"] } };

    [Fact]
    public void Doubtful_answers_are_escalated_and_the_same_reward_costs_less_than_one_call_each()
    {
        var log = new Log(Cascaded);
        var played = Play(log, 0, 1200);
        var late = played[600..];
        var escalated = late.Where(call => call.Escalated).ToList();
        Assert.InRange(escalated.Count, 60, 360);

        // The small model is right six times in ten, the large one always: what is escalated is mostly what was wrong.
        Assert.True(escalated.Average(call => call.FirstRight ? 1 : 0) < 0.35);
        var (reward, usd) = (late.Average(call => call.Reward), late.Average(call => call.CostUsd));
        var mixed = 0.6 + (0.4 * (usd - SmallUsd) / (LargeUsd - SmallUsd));
        Assert.True(reward > mixed + 0.05, $"{reward} at {usd}, where a mix of single calls earns {mixed}.");

        var report = log.State.Report();
        Assert.Equal(1200, report.Cascade!.Weighed);
        Assert.Equal(1200, report.Cascade.Rewarded);
        Assert.Equal(report.Cascade.Escalated * LargeUsd, report.Cascade.SecondUsd, 9);
        Assert.Equal(report.Cascade.Escalated * SmallUsd, report.Cascade.FirstUsd, 9);
        Assert.Equal(0, report.WastedUsd);
        Assert.Equal(played.Sum(call => call.CostUsd), report.SpendUsd, 9);
        Assert.All(report.Arms, arm => Assert.Equal(0, arm.Failures.Counts.Sum()));

        // The large model was asked where the small one was in doubt, which says nothing of it by itself.
        Assert.Equal(1200, report.Arms[0].Statistics.Rewards + report.Arms[1].Statistics.Rewards);
        Assert.Equal(played.Count(call => call.First == "large"), report.Arms[1].Statistics.Rewards);
        Assert.Equal(played.Sum(call => call.CostUsd), report.Arms[0].Statistics.SpendUsd + report.Arms[1].Statistics.SpendUsd, 9);
    }

    [Fact]
    public void A_confidence_that_is_always_the_same_escalates_nothing()
    {
        var log = new Log(Cascaded);
        Assert.DoesNotContain(Play(log, 0, 800, confidence: _ => -1), call => call.Escalated);
        Assert.Equal(0, log.State.Report().Cascade!.Escalated);
    }

    [Fact]
    public void A_replay_and_a_snapshot_in_the_middle_decide_the_same()
    {
        var log = new Log(Cascaded);
        Play(log, 0, 400);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        var copy = new Log(Cascaded) { State = log.Reload(), Clock = log.Clock };
        Assert.Equal(log.Save(), copy.Save());
        Assert.Equal(Play(log, 400, 200), Play(copy, 400, 200));
        Assert.Equal(log.Save(), copy.Save());
        Assert.Equal(log.Save(), Log.Save(log.Replay()));

        var (learned, rewards) = (log.State.Report().Cascade, log.State.Report().Arms.Select(arm => arm.Statistics.Rewards).ToList());
        log.Relearn(Cascaded with { Policy = "lin-ts" });
        Assert.Equal(learned, log.State.Report().Cascade);
        Assert.Equal(rewards, log.State.Report().Arms.Select(arm => arm.Statistics.Rewards));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void Without_a_cascade_the_bytes_are_what_they_were_and_with_it_taken_away_they_are_again()
    {
        var (with, without) = (new Log(Cascaded), new Log(Single));
        Assert.NotEqual(with.Save(), without.Save());
        with.Configure(Single);
        without.Configure(Single);
        Assert.Equal(with.Save(), without.Save());
        Assert.Null(with.State.Report().Cascade);
    }

    [Fact]
    public void Models_that_come_go_or_change_their_name_keep_what_is_known_of_the_others()
    {
        var log = new Log(Cascaded);
        Play(log, 0, 600);
        log.Configure(Cascaded with { Arms = [Log.Arm("tiny", SmallUsd) with { RenamedFrom = "small" }, Log.Arm("large", LargeUsd)] });
        var doubtful = new AnswerSignals { MeanLogProbability = -2.4, Tokens = 100 };
        var decision = log.Decide(Log.Query(5000), Call);
        Assert.Equal("tiny", decision.ChosenArm);
        Assert.True(Weigh(log, decision, doubtful)!.Doubt > 0.6);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void Only_models_of_the_list_that_can_be_called_and_afforded_take_over()
    {
        var log = new Log(Cascaded);
        Play(log, 0, 600);
        var doubtful = new AnswerSignals { MeanLogProbability = -2.4, Tokens = 100 };
        var decision = Enumerable.Range(7000, 50).Select(i => log.Decide(Log.Query((ulong)i), Call)).First(one => one.ChosenArm == "small" && Weigh(log, one, doubtful)!.Second is not null);
        Assert.Equal("large", Weigh(log, decision, doubtful)!.Second);
        Assert.Null(log.State.Weigh(decision, doubtful, SmallUsd, ["large"], log.Clock)!.Second);

        log.Configure(Cascaded with { Cascade = new CascadeSettings { Models = ["small"] } });
        Assert.Null(Weigh(log, decision, doubtful)!.Second);
        log.Configure(Cascaded with { Cascade = new CascadeSettings() });
        Assert.Equal("large", Weigh(log, decision, doubtful)!.Second);

        // What the first call has cost is paid: only the second has to fit.
        log.Configure(log.State.Configuration! with { HardCapUsd = log.State.Report().SpendUsd + log.State.Report().BoundUsd + (LargeUsd / 2) });
        Assert.Null(Weigh(log, decision, doubtful)!.Second);
        log.Configure(log.State.Configuration! with { HardCapUsd = log.State.Report().SpendUsd + 100 });
        Assert.Equal("large", Weigh(log, decision, doubtful)!.Second);
        Assert.Null(log.State.Weigh(decision, doubtful, SmallUsd, null, log.Clock, heldUsd: 100)!.Second);
    }

    [Fact]
    public void Callers_that_name_the_model_and_turns_that_must_stay_with_it_are_not_weighed()
    {
        var log = new Log(Cascaded with { Conversations = new ConversationSettings() });
        var signals = new AnswerSignals { MeanLogProbability = -3 };
        Assert.Null(Weigh(log, log.Decide(Log.Query(1), request => Call(request) with { PinnedArm = "small" }), signals));
        Assert.Null(Weigh(log, log.Decide(Log.Query(2)), signals));
        Assert.NotNull(Weigh(log, log.Decide(Log.Query(3), Call), signals));
        Assert.Null(Weigh(new Log(Single), log.Decide(Log.Query(4), Call), signals));
        var held = log.Decide(Log.Query(5), Call) with { Conversation = new ConversationPlace { Turn = new ConversationTurn(), Number = 2, Preferred = "small", PreviousArm = "small", Choice = ConversationChoice.Held } };
        Assert.Null(Weigh(log, held, signals));
        Assert.Throws<ArgumentException>(() => Weigh(log, log.Decide(Log.Query(6), Call), new AnswerSignals { Verdict = 2 }));
    }

    [Fact]
    public void A_reward_teaches_once_and_a_correction_leaves_what_the_cascade_learned()
    {
        var log = new Log(Cascaded);
        var decision = log.Decide(Log.Query(1), Call);
        Settle(log, decision, Weigh(log, decision, new AnswerSignals { MeanLogProbability = -0.5 })!);
        log.Reward(decision, 1);
        log.Reward(decision, 0, previous: 1);
        Assert.Equal(new CascadeReport(1, 0, 0, 0, 1), log.State.Report().Cascade);
        Assert.Equal(0, log.State.Report().Arms[0].Statistics.MeanReward);
    }

    [Fact]
    public void A_cascade_is_refused_beside_what_compares_single_calls_and_with_models_that_are_none()
    {
        var errors = TenantConfigurationValidator.Validate(Cascaded with
        {
            Cascade = new CascadeSettings { Models = ["large", "large", "huge"] },
            Guarantee = new GuaranteeSettings { Reference = "large" },
            Canary = new CanarySettings { Arm = "small", Share = 0.1 },
            Shards = 2,
        });
        Assert.Equal(["Cascade", "Cascade", "Cascade", "Cascade.Models[1]", "Cascade.Models[2]"], errors.Where(error => error.Field.StartsWith("Cascade", StringComparison.Ordinal)).Select(error => error.Field).Order());
        Assert.Equal("Cascade.Models", Assert.Single(TenantConfigurationValidator.Validate(Cascaded with { Cascade = new CascadeSettings { Models = [] } })).Field);
        Assert.Empty(TenantConfigurationValidator.Validate(Cascaded));
    }

    private static DecisionRequest Call(DecisionRequest request) => request with { Origin = DecisionOrigin.Call };

    private static WeighedAnswer? Weigh(Log log, DecisionRecord decision, AnswerSignals signals) => log.State.Weigh(decision, signals, SmallUsd, null, log.Clock);

    private static SettledEvent Settle(Log log, DecisionRecord decision, WeighedAnswer weighed)
    {
        var facts = DecisionFacts.Of(decision);
        FailedAttempt[] attempts = [];
        if (weighed.Second is { } second)
        {
            facts = log.Reroute(facts, decision.Arms.First(arm => arm.ArmId == second));
            attempts = [new FailedAttempt(decision.ChosenArm, FailureKind.Escalated, new TokenUsage(50, 0, 100), SmallUsd, 1)];
        }

        var settled = new SettledEvent
        {
            Sequence = log.State.AppliedSequence + 1,
            At = log.Clock,
            Decision = facts,
            Outcome = CallOutcome.Completed,
            Usage = new TokenUsage(50, 0, 100),
            CostUsd = facts.ServedArm == "large" ? LargeUsd : SmallUsd,
            LatencySeconds = 1,
            FailedAttempts = attempts,
            Weighed = weighed,
        };
        log.Event(settled);
        return settled;
    }

    /// <summary>The small model is right about six questions in ten, which nothing in a question tells; its confidence does. The large one is always right.</summary>
    private static List<Played> Play(Log log, int from, int count, Func<bool, double>? confidence = null)
    {
        var played = new List<Played>(count);
        for (var i = from; i < from + count; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i), request => Call(request) with { AllowedArms = ["small", "large"] });
            var first = decision.ChosenArm == "large" || CounterRandom.Uniform(17, (ulong)i) < 0.6;
            var noise = CounterRandom.Uniform(18, (ulong)i);
            var signals = new AnswerSignals { MeanLogProbability = confidence?.Invoke(first) ?? (first ? -0.2 - noise : -0.9 - (1.5 * noise)), Tokens = 100 };
            var weighed = Weigh(log, decision, signals)!;
            var settled = Settle(log, decision, weighed);
            var right = settled.Decision.ServedArm == "large" || first;
            log.Event(new RewardedEvent
            {
                Sequence = log.State.AppliedSequence + 1, At = log.Clock, Decision = settled.Decision with { SettledUsd = settled.CostUsd }, Reward = right ? 1 : 0, PreviousReward = null,
            });
            log.Clock = log.Clock.AddSeconds(1);
            played.Add(new Played(decision.ChosenArm, weighed.Second is not null, first, right ? 1 : 0, settled.CostUsd + settled.FailedAttempts.Sum(attempt => attempt.CostUsd!.Value)));
        }

        return played;
    }

    private sealed record Played(string First, bool Escalated, bool FirstRight, double Reward, double CostUsd);
}
