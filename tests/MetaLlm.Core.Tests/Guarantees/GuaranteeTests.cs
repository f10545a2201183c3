using System.Buffers;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Guarantees;

public sealed class GuaranteeTests
{
    private const double ReferenceUsd = 0.01;

    private static readonly GuaranteeSettings Promise = new() { Reference = "large", Difference = 0.1 };
    private static readonly double[] Costs = [0.0005, 0.002];

    // By topic and candidate: one is good in the first topic alone, the other in both.
    private static readonly double[][] Rates = [[0.03, 0.02], [0.4, 0.06]];

    [Fact]
    public void The_reference_serves_at_first_and_proven_bounds_never_use_up_more_than_was_promised()
    {
        var guarantee = Begin(1);
        var used = 0.0;
        for (var i = 0; i < 600; i++)
        {
            var plan = guarantee.Plan("a", ReferenceUsd, Costs);
            guarantee.Served(plan, ReferenceUsd, Costs);
            used += plan.Bound;
            Assert.True(used <= (Promise.Difference * (i + 1)) + 1e-9, $"{used} was used after {i + 1} requests.");
            Assert.True(i > 15 || plan.Arm == GuaranteePlan.Reference);
            Assert.Equal(plan.Arm == GuaranteePlan.Reference, plan.Bound == 0);
            if (plan.Beside is not null)
            {
                guarantee.Observe(plan, false);
            }
        }

        Assert.True(guarantee.Certificate().Total.Diverted > 300);
    }

    [Fact]
    public void The_rate_is_within_the_promise_after_every_request_in_all_but_a_share_of_runs_and_money_is_saved()
    {
        const int Runs = 200;
        var (violations, misses, saved) = (0, 0, 0.0);
        for (var run = 0; run < Runs; run++)
        {
            var played = Play(Begin((ulong)run), 1000, (ulong)run, (topic, arm, _) => Rates[topic][arm]);
            violations += played.Violated ? 1 : 0;
            misses += played.Missed ? 1 : 0;
            var certificate = played.Guarantee.Certificate();
            saved += 1 - (certificate.SpentUsd / certificate.ReferenceUsd);
        }

        Assert.True(violations <= 0.05 * Runs && misses <= 0.05 * Runs, $"{violations} violations and {misses} misses in {Runs} runs.");
        Assert.InRange(saved / Runs, 0.2, 0.9);
    }

    [Fact]
    public void A_rate_that_rises_withdraws_the_candidate_and_the_certificate_stays_true()
    {
        const int Runs = 100;
        const int Rise = 600;
        var (misses, unsettled, worst) = (0, 0, 0.0);
        for (var run = 0; run < Runs; run++)
        {
            var played = Play(Begin((ulong)run + 1000), 2400, (ulong)run + 1000, (topic, arm, at) => at < Rise ? Rates[topic][arm] : 0.5);
            misses += played.Missed ? 1 : 0;
            worst = Math.Max(worst, played.Expected / 2400);
            unsettled += played.DivertedLate > 0.3 * 400 ? 1 : 0;
        }

        Assert.True(misses <= 0.05 * Runs, $"{misses} certificates of {Runs} were wrong.");
        Assert.True(unsettled <= 0.05 * Runs, $"{unsettled} of {Runs} runs still divert more than the promise allows.");
        Assert.True(worst < 2 * Promise.Difference, $"The worst run had {worst}.");
    }

    [Fact]
    public void Where_every_candidate_differs_the_promise_is_kept_and_the_purse_bounds_what_that_costs()
    {
        var played = Play(Begin(5), 3000, 5, (_, _, _) => 0.6);
        var certificate = played.Guarantee.Certificate();

        Assert.False(played.Violated);
        Assert.InRange(certificate.SpentUsd / certificate.ReferenceUsd, 0.8, 1 + Promise.Purse);
    }

    [Fact]
    public void A_plan_changes_nothing_and_a_restored_state_plans_the_same()
    {
        var guarantee = Play(Begin(7), 900, 7, (topic, arm, _) => Rates[topic][arm]).Guarantee;
        var bytes = Bytes(guarantee);
        var plan = guarantee.Plan("a", ReferenceUsd, Costs);
        Assert.Equal(bytes, Bytes(guarantee));

        var reader = new StateReader(bytes);
        var restored = Guarantee.Read(ref reader, Promise, 2, 7, DateTimeOffset.UnixEpoch);
        Assert.Equal(plan, restored.Plan("a", ReferenceUsd, Costs));
        Play(guarantee, 500, 70, (topic, arm, _) => Rates[topic][arm]);
        Play(restored, 500, 70, (topic, arm, _) => Rates[topic][arm]);
        Assert.Equal(Bytes(guarantee), Bytes(restored));
    }

    [Fact]
    public void A_verdict_that_is_still_to_come_counts_as_a_difference_and_a_lost_one_as_no_audit()
    {
        var guarantee = Play(Begin(9), 1200, 9, (_, _, _) => 0).Guarantee;
        var before = guarantee.Certificate().Total;
        GuaranteePlan plan;
        do
        {
            plan = guarantee.Plan("a", ReferenceUsd, Costs);
            guarantee.Served(plan, ReferenceUsd, Costs);
        }
        while (plan.Beside != GuaranteePlan.Reference);

        var open = guarantee.Certificate().Total;
        guarantee.Observe(plan, null);
        var lost = guarantee.Certificate().Total;

        Assert.True(open.Bound > before.Bound);
        Assert.True(lost.Bound < open.Bound);
        Assert.Equal(before.Audits, lost.Audits);
        Assert.Throws<ArgumentException>(() => guarantee.Observe(plan with { Beside = null }, false));
    }

    [Fact]
    public void Topics_beyond_the_largest_number_share_their_evidence()
    {
        var guarantee = Begin(3);
        for (var i = 0; i < 2 * Guarantee.MostTopics; i++)
        {
            guarantee.Served(guarantee.Plan($"topic {i}", ReferenceUsd, Costs), ReferenceUsd, Costs);
        }

        var topics = guarantee.Certificate().Topics;
        Assert.Equal(Guarantee.MostTopics + 1, topics.Count);
        Assert.Equal(Guarantee.MostTopics, topics[^1].Requests);
        Assert.Equal(string.Empty, topics[^1].Topic);
    }

    [Fact]
    public void A_candidate_that_cannot_serve_does_not()
    {
        var guarantee = Play(Begin(11), 1200, 11, (_, _, _) => 0).Guarantee;
        double[] without = [double.NaN, double.NaN];

        for (var i = 0; i < 50; i++)
        {
            var plan = guarantee.Plan("a", ReferenceUsd, without);
            Assert.Equal((GuaranteePlan.Reference, null), (plan.Arm, plan.Beside));
            guarantee.Served(plan, ReferenceUsd, without);
        }
    }

    [Theory]
    [InlineData(0, 0.95, 0.05, 0.1, "Difference is 0; it must be above 0 and below 1.")]
    [InlineData(0.05, 1, 0.05, 0.1, "Confidence is 1; it must be 0.5 to below 1.")]
    [InlineData(0.05, 0.95, 0, 0.1, "AuditShare is 0; it must be above 0 and at most 0.5.")]
    [InlineData(0.05, 0.95, 0.05, double.NaN, "Purse is NaN; it must be 0 to 1.")]
    public void Unusable_settings_are_named(double difference, double confidence, double audit, double purse, string message)
    {
        var settings = new GuaranteeSettings { Reference = "large", Difference = difference, Confidence = confidence, AuditShare = audit, Purse = purse };

        var refused = Assert.Throws<ArgumentException>(() => new Guarantee(settings, 1, 1, DateTimeOffset.UnixEpoch));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    private static Guarantee Begin(ulong seed) => new(Promise, 2, seed, DateTimeOffset.UnixEpoch);

    private static byte[] Bytes(Guarantee guarantee)
    {
        var buffer = new ArrayBufferWriter<byte>();
        guarantee.Write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static Played Play(Guarantee guarantee, int requests, ulong world, Func<int, int, int, double> rate)
    {
        var (violated, missed, expected, late) = (false, false, 0.0, 0);
        for (var i = 0; i < requests; i++)
        {
            var topic = CounterRandom.Uniform(world + 1_000_000, (ulong)i) < 0.6 ? 0 : 1;
            var plan = guarantee.Plan(topic == 0 ? "a" : "b", ReferenceUsd, Costs);
            guarantee.Served(plan, ReferenceUsd, Costs);
            if (plan.Arm != GuaranteePlan.Reference)
            {
                expected += rate(topic, plan.Arm, i);
                late += i >= requests - 400 ? 1 : 0;
            }

            if (plan.Beside is not null)
            {
                guarantee.Observe(plan, CounterRandom.Uniform(world + 2_000_000, (ulong)i) < rate(topic, plan.Compared, i));
            }

            violated |= expected > Promise.Difference * (i + 1);
            missed |= i % 100 == 99 && expected / (i + 1) > guarantee.Certificate().Total.Bound;
        }

        return new Played(guarantee, violated, missed, expected, late);
    }

    private sealed record Played(Guarantee Guarantee, bool Violated, bool Missed, double Expected, int DivertedLate);
}
