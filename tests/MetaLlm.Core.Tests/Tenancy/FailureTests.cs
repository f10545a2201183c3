using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

/// <summary>What a tenant learns from attempts that gave the client no answer.</summary>
public sealed class FailureTests
{
    private static readonly TenantConfiguration _twins = new() { Arms = [Log.Arm("flaky", 0.001), Log.Arm("steady", 0.001)], Seed = 3, LatencyWeight = 0.001 };

    [Fact]
    public void An_arm_that_fails_every_second_time_is_chosen_less_although_its_answers_are_as_good()
    {
        var log = new Log(_twins);
        Play(log, 400, failsEvery: 2);

        Assert.InRange(Play(log, 400, failsEvery: 2), 0, 40);
        var report = log.State.Report();
        Assert.InRange(report.Arms[0].Failures.Rate, 0.1, 0.6);
        Assert.Equal(0, report.Arms[1].Failures.Rate);
        Assert.True(report.Arms[0].Failures.Of(FailureKind.Timeout) > 5);
        Assert.Equal(0, report.Arms[0].Failures.Of(FailureKind.Objected));
    }

    [Fact]
    public void An_arm_that_has_stopped_failing_is_forgiven()
    {
        var log = new Log(_twins);
        Play(log, 300, failsEvery: 2);
        var rate = log.State.Report().Arms[0].Failures.Rate;
        Play(log, 4000, failsEvery: 0);

        Assert.InRange(log.State.Report().Arms[0].Failures.Rate, 0, rate / 4);
        Assert.InRange(Play(log, 400, failsEvery: 0), 20, 400);
    }

    [Fact]
    public void Failures_change_the_score_and_not_the_predicted_cost_or_latency()
    {
        var (failing, sound) = (new Log(_twins), new Log(_twins));
        var (one, other) = (failing.Decide(Log.Query(1)), sound.Decide(Log.Query(1)));
        Settle(failing, one, CallOutcome.Completed, Attempt("flaky", usd: 0.5, seconds: 30));
        Settle(sound, other, CallOutcome.Completed, Attempt("gone"));

        one = failing.State.Decide(new DecisionRequest { Features = Log.Query(2) }, failing.Clock);
        other = sound.State.Decide(new DecisionRequest { Features = Log.Query(2) }, sound.Clock);
        Assert.Equal(other.Arms.Select(arm => (arm.CostUsd, arm.LatencySeconds, arm.Quality)), one.Arms.Select(arm => (arm.CostUsd, arm.LatencySeconds, arm.Quality)));
        Assert.True(one.Arms[0].Score < other.Arms[0].Score - 0.01, $"{one.Arms[0].Score} and {other.Arms[0].Score}");
        Assert.Equal(other.Arms[1].Score, one.Arms[1].Score);
    }

    [Fact]
    public void A_state_with_failures_replays_and_reloads_to_the_same_bytes_and_one_without_has_no_place_for_them()
    {
        var log = new Log(_twins);
        Play(log, 50, failsEvery: 0);
        Assert.DoesNotContain("failures", Encoding.Latin1.GetString(log.Save()), StringComparison.Ordinal);
        Play(log, 60, failsEvery: 3);

        Assert.Contains("failures", Encoding.Latin1.GetString(log.Save()), StringComparison.Ordinal);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void A_cut_answer_and_the_last_attempt_of_a_failed_call_count_for_the_arm_that_gave_them()
    {
        var log = new Log(_twins);
        Settle(log, log.Decide(Log.Query(1), request => request with { PinnedArm = "steady" }), CallOutcome.Cut);
        var failed = log.Decide(Log.Query(2), request => request with { PinnedArm = "flaky" });
        Settle(log, failed, CallOutcome.Failed, Attempt("flaky", FailureKind.Objected), Attempt("gone", FailureKind.Refused));

        var report = log.State.Report();
        Assert.Equal((1, 1), (report.Arms[1].Failures.Of(FailureKind.Cut), report.Arms[0].Failures.Of(FailureKind.Objected)));
        Assert.Equal(0, report.Arms.Sum(arm => arm.Failures.Of(FailureKind.Refused)));
    }

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(1, 0.01)]
    public void The_reward_of_a_rerouted_call_counts_as_not_explored_whatever_the_chosen_arms_probability(double propensity, double other)
    {
        Assert.Equal(Rewarded(propensity, rerouted: true), Rewarded(other, rerouted: true));
        Assert.Equal(Rewarded(1, rerouted: false), Rewarded(propensity, rerouted: true));
        Assert.NotEqual(Rewarded(propensity, rerouted: false), Rewarded(other, rerouted: false));

        // An arm has changed for good once 200 rewards have come after the change, the last of them without exploration.
        static byte[] Rewarded(double propensity, bool rerouted)
        {
            var log = new Log(_twins);
            for (ulong i = 0; i < 360; i++)
            {
                var facts = DecisionFacts.Of(log.Decide(Log.Query(i)));
                facts = facts with { ServedArm = "steady", ChosenArm = rerouted ? "flaky" : "steady", Propensity = propensity };
                Assert.Equal(rerouted, facts.Rerouted);
                log.Event(new RewardedEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Decision = facts, Reward = i < 60 ? 0.9 : 0.1, PreviousReward = null });
            }

            return log.Save();
        }
    }

    /// <summary>Plays requests; the flaky arm's failures are made good by the other one.</summary>
    /// <returns>How often the flaky arm was chosen.</returns>
    private static int Play(Log log, int count, int failsEvery)
    {
        var (chosen, start) = (0, (int)log.State.DecisionOrdinal);
        for (var i = 0; i < count; i++)
        {
            var decision = log.Decide(Log.Query((ulong)(start + i)));
            var flaky = decision.ChosenArm == "flaky";
            chosen += flaky ? 1 : 0;
            if (flaky && failsEvery > 0 && chosen % failsEvery == 0)
            {
                Settle(log, decision, Attempt("flaky"));
            }
            else
            {
                log.Settle(decision, 0.001);
                log.Reward(decision, 0.8);
            }
        }

        return chosen;
    }

    private static FailedAttempt Attempt(string arm, FailureKind kind = FailureKind.Timeout, double usd = 0.0005, double seconds = 5) =>
        new(arm, kind, new TokenUsage(50, 0, 0), usd, seconds);

    private static void Settle(Log log, DecisionRecord decision, params FailedAttempt[] attempts) => Settle(log, decision, CallOutcome.Completed, attempts);

    private static void Settle(Log log, DecisionRecord decision, CallOutcome outcome, params FailedAttempt[] attempts)
    {
        var facts = DecisionFacts.Of(decision);
        log.Event(new SettledEvent
        {
            Sequence = log.State.AppliedSequence + 1,
            At = log.Clock,
            Decision = attempts.Length > 0 && outcome == CallOutcome.Completed ? facts with { ServedArm = facts.ServedArm == "flaky" ? "steady" : "flaky" } : facts,
            Outcome = outcome,
            Usage = new TokenUsage(50, 0, 100),
            CostUsd = 0.001,
            LatencySeconds = 1,
            FailedAttempts = attempts,
        });
    }
}
