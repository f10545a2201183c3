using MetaLlm.Core.Arms;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class CapTests
{
    private const double Tiny = 1e-13;

    private static TenantConfiguration Configuration => new()
    {
        Arms =
        [
            new Arm { Id = "small", Prices = TokenPrices.PerMillion(1, 2), MaxOutputTokens = 2000 },
            new Arm { Id = "large", Prices = TokenPrices.PerMillion(5, 20, 0.5), ContextTokens = 8000 },
        ],
        HardCapUsd = 0.05,
        HardCapWindow = TimeSpan.FromHours(1),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Whatever_happens_to_calls_that_keep_their_bounds_no_cap_is_passed_and_all_is_given_back(ulong seed)
    {
        var random = new Draws(seed);
        var log = new Log(Configuration with { UsdPerHour = 0.04, UsdPerDay = 0.2, UsdPerRequest = random.Next() < 0.5 ? 0.002 : null });
        var open = new List<Call>();
        for (var step = 0; step < 600; step++)
        {
            log.Clock += TimeSpan.FromSeconds(20 * random.Next());
            switch (random.Next())
            {
                case < 0.45:
                    Open(log, random, open);
                    break;
                case < 0.6 when open.Count > 0:
                    Reroute(log, random, open);
                    break;
                case < 0.95 when open.Count > 0:
                    Settle(log, random, open);
                    break;
                case < 0.97:
                    log.State = log.Reload();
                    break;
            }

            var report = log.State.Report();
            Assert.All(report.Windows, w => Assert.True(w.LeftUsd >= -Tiny, $"{w.Window} has {w.LeftUsd} USD left at step {step}."));
            Assert.True(report.BoundUsd >= report.ReservedUsd - Tiny);
        }

        while (open.Count > 0)
        {
            Settle(log, random, open);
        }

        var last = log.State.Report();
        Assert.Equal((0, 0), (last.ReservedUsd, last.BoundUsd));
        Assert.True(last.SpendUsd > 0.04, $"Only {last.SpendUsd} USD were spent.");
        Assert.Equal(last.WastedUsd, last.Arms.Sum(a => a.WastedUsd), 1e-12);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void The_bound_takes_the_least_limit_of_the_output_and_every_choice()
    {
        var log = new Log(Configuration with { HardCapUsd = 1000 });

        // Arms of 2 and 20 USD per million output tokens; the prompt is of 50 tokens, written to a cache at most.
        Equal([(1.25 * 50e-6) + (2000 * 2e-6), (1.25 * 250e-6) + (8000 * 20e-6)], Bounds(r => r));
        Equal([(1.25 * 50e-6) + (100 * 2e-6), (1.25 * 250e-6) + (100 * 20e-6)], Bounds(r => r with { MaxOutputTokens = 100 }));
        Equal([(1.25 * 50e-6) + (2000 * 2e-6), (1.25 * 250e-6) + (5000 * 20e-6)], Bounds(r => r with { MaxOutputTokens = 5000 }));
        Equal([(1.25 * 50e-6) + (64 * 100 * 2e-6), (1.25 * 250e-6) + (64 * 100 * 20e-6)], Bounds(r => r with { MaxOutputTokens = 100, Choices = 64 }));
        Equal([(1.25 * 4000e-6) + (100 * 2e-6), (1.25 * 20_000e-6) + (100 * 20e-6)], Bounds(r => r with { MaxOutputTokens = 100, InputTokensBound = 4000 }));

        double[] Bounds(Func<DecisionRequest, DecisionRequest> change) => [.. log.Decide(Log.Query(1), change).Arms.Select(a => a.BoundUsd)];
        static void Equal(double[] expected, double[] found) => Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Tiny));
    }

    [Fact]
    public void Without_any_limit_an_answer_is_taken_to_have_16384_tokens_at_most()
    {
        var log = new Log(Configuration with { Arms = [new Arm { Id = "a", Prices = TokenPrices.PerMillion(0, 1) }] });
        Assert.Equal(0.016384, log.Decide(Log.Query(1)).BoundUsd, Tiny);
    }

    [Fact]
    public void A_prediction_above_the_limit_that_the_request_sets_comes_down_to_it()
    {
        var log = new Log(Configuration with { Arms = [new Arm { Id = "a", Prices = TokenPrices.PerMillion(0, 1), PriorOutputTokens = 5000 }] });
        var decision = log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 10 });
        Assert.Equal(10e-6, decision.ReservedUsd, Tiny);
        Assert.Equal(10e-6, decision.BoundUsd, Tiny);
        Assert.Equal(5000e-6, log.Decide(Log.Query(1)).ReservedUsd, Tiny);
    }

    [Fact]
    public void A_burst_of_answers_as_long_as_they_may_be_stays_under_the_cap()
    {
        var log = new Log(Configuration);
        var calls = Until402(log, r => r with { MaxOutputTokens = 1000, Choices = 2 });
        Assert.NotEmpty(calls);
        foreach (var call in calls)
        {
            log.Settle(call, call.BoundUsd);
        }

        Assert.InRange(log.State.Report().SpendUsd, 0.04, 0.05);
    }

    [Fact]
    public void What_a_tenant_sets_aside_follows_its_option()
    {
        var (bound, mean) = (Until402(new Log(Configuration), r => r), Until402(new Log(Configuration with { HardCapReserve = HardCapReserve.Mean }), r => r));
        Assert.True(mean.Count > 3 * bound.Count, $"{mean.Count} calls at their mean, {bound.Count} at their bound.");

        // Nothing is known of the spread at first; then it lies between the two.
        var log = new Log(Configuration with { HardCapUsd = 1, HardCapReserve = HardCapReserve.P99 });
        var first = log.Decide(Log.Query(1), Pin);
        Assert.Equal(Decide(Configuration).BoundUsd, first.BoundUsd);
        for (var i = 0; i < 200; i++)
        {
            log.Settle(log.Decide(Log.Query((ulong)i), Pin), 0.0001, outputTokens: 20 + (80 * CounterRandom.Uniform(5, (ulong)i)));
        }

        var later = log.Decide(Log.Query(1), Pin);
        Assert.InRange(later.BoundUsd, 1.5 * later.ReservedUsd, 0.5 * first.BoundUsd);

        static DecisionRequest Pin(DecisionRequest request) => request with { PinnedArm = "small" };
        static DecisionRecord Decide(TenantConfiguration configuration) => new Log(configuration).Decide(Log.Query(1), Pin);
    }

    [Fact]
    public void A_refusal_says_until_when_and_how_many_tokens_would_fit()
    {
        var log = new Log(Configuration with { UsdPerMonth = 0.06 });
        log.Settle(log.Decide(Log.Query(1), r => r with { PinnedArm = "small", MaxOutputTokens = 1 }), 0.0488);

        // Small: 0.0012 USD are left in the hour, 0.0112 in the month; the prompt takes 0.0000625.
        var refusal = Refusal(log, r => r);
        Assert.Equal(568, refusal.MaxOutputTokens);
        Assert.Equal(log.Clock.AddHours(1), refusal.EndsAt);
        Assert.Equal(TimeSpan.FromHours(1), refusal.Wait);
        Assert.Equal("small", log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 568 }).ChosenArm);
        Assert.Null(Refusal(log, r => r with { InputTokensBound = 1000 }).MaxOutputTokens);

        // The month stands in the way longer than the hour.
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), Refusal(log, r => r with { InputTokensBound = 20_000 }).EndsAt);
    }

    [Fact]
    public void The_hard_cap_is_told_as_a_window()
    {
        var log = new Log(Configuration with { UsdPerDay = 1 });
        log.Settle(log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 10 }), 0.001);
        var open = log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 10 });
        var windows = log.State.Report().Windows;
        Assert.Equal([BudgetWindow.HardCap, BudgetWindow.Day], windows.Select(w => w.Window));
        Assert.Equal((0.05, 0.001, double.NaN), (windows[0].BudgetUsd, windows[0].SpentUsd, windows[0].TargetUsdPerRequest));
        Assert.Equal(0.05 - 0.001 - open.BoundUsd, windows[0].LeftUsd, Tiny);
        Assert.Equal(1 - 0.001 - open.BoundUsd, windows[1].LeftUsd, Tiny);
        Assert.Equal((log.Clock.AddHours(1), log.Clock.AddDays(1)), (windows[0].EndsAt, windows[1].EndsAt));
    }

    [Theory]
    [InlineData(24, 25, 0.003)]
    [InlineData(24, 48, 0.003)]
    [InlineData(1, 24, 0.003)]
    [InlineData(24, 1, 0.001)]
    [InlineData(24, 12, 0.003)]
    public void Another_length_of_the_caps_window_forgets_nothing_of_what_it_has_spent(int hours, int next, double spent)
    {
        var log = new Log(Configuration with { HardCapUsd = 1, HardCapWindow = TimeSpan.FromHours(hours) });
        log.Settle(log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 10 }), 0.002);
        log.Clock += TimeSpan.FromHours(3);
        log.Settle(log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 10 }), 0.001);
        log.Configure(Configuration with { HardCapUsd = 1, HardCapWindow = TimeSpan.FromHours(next) });
        Assert.Equal(spent, log.State.Report().Windows[0].SpentUsd);
    }

    [Fact]
    public void What_failed_attempts_cost_is_spent_besides_the_call_and_told_by_arm()
    {
        var log = new Log(Configuration);
        var decision = log.Decide(Log.Query(1), r => r with { PinnedArm = "small" });
        var facts = log.Reroute(DecisionFacts.Of(decision), decision.Arms[1]);
        log.Settle(decision, 0.001, facts: facts, attempts: [Attempt("small", 0.0004), Attempt("gone", 0.0001)]);

        var report = log.State.Report();
        Assert.Equal((0.0015, 0.0005), (report.SpendUsd, report.WastedUsd));
        Assert.Equal([0.0004, 0], report.Arms.Select(a => a.WastedUsd));
        Assert.Equal((0, 0), (report.ReservedUsd, report.BoundUsd));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(0.0005, log.Reload().Report().WastedUsd);
    }

    [Fact]
    public void A_call_that_nothing_was_charged_for_earns_no_credit_and_neither_does_one_that_was_pinned()
    {
        var configuration = Configuration with { HardCapUsd = null, UsdPerRequest = 0.0005 };
        var (quiet, refused) = (new Log(configuration), new Log(configuration));
        for (var i = 0; i < 50; i++)
        {
            refused.Settle(refused.Decide(Log.Query(1), r => r with { PinnedArm = "large" }), i % 2 == 0 ? 0 : 0.2, outcome: i % 2 == 0 ? CallOutcome.Failed : CallOutcome.Completed);
        }

        Assert.Equal(quiet.State.Report().Lambda, refused.State.Report().Lambda);
        var open = Enumerable.Range(0, 50).Select(_ => refused.Decide(Log.Query(1))).ToList();
        var lambda = refused.State.Report().Lambda;
        open.ForEach(decision => refused.Settle(decision, 0, outcome: CallOutcome.Failed));
        Assert.Equal(lambda, refused.State.Report().Lambda);
        Assert.Equal(5, refused.State.Report().SpendUsd, 1e-9);
    }

    [Fact]
    public void A_call_under_way_that_turns_to_another_arm_must_fit_too()
    {
        var log = new Log(Configuration);
        var decision = log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 1000 });
        var left = 0.05 - decision.BoundUsd;
        Assert.Null(log.State.Refuses(left - 1e-9, log.Clock));
        Assert.NotNull(log.State.Refuses(left + 1e-9, log.Clock));
        Assert.NotNull(log.State.Refuses(left - 1e-9, log.Clock, heldUsd: 1e-6));
        Assert.Null(log.State.Refuses(0, log.Clock, heldUsd: 1));
        Assert.Throws<NoFeasibleArmException>(() => log.State.Decide(new DecisionRequest { Features = Log.Query(1), MaxOutputTokens = 1 }, log.Clock, heldUsd: left));
    }

    [Theory]
    [InlineData(double.NaN, 1.0, 1)]
    [InlineData(-1, 1.0, 1)]
    [InlineData(1, 0.0, 1)]
    [InlineData(1, double.PositiveInfinity, 1)]
    [InlineData(1, 1.0, 0)]
    public void Bounds_out_of_range_are_refused(double input, double output, int choices)
    {
        var log = new Log(Configuration);
        Assert.Throws<ArgumentException>(() => log.Decide(Log.Query(1), r => r with { InputTokensBound = input, MaxOutputTokens = output, Choices = choices }));
    }

    [Fact]
    public void Caps_set_aside_for_the_dearest_kind_of_token_that_a_call_can_have()
    {
        var sound = Configuration with
        {
            HardCapUsd = 1,
            Arms = [.. Configuration.Arms.Select(arm => arm with { MostInputPrice = 40e-6, MostOutputPrice = 80e-6 })],
        };
        var log = new Log(sound);
        var decision = log.Decide(Log.Query(1), r => r with { PinnedArm = "large", InputTokensBound = 100, MaxOutputTokens = 1000 });
        Assert.Equal((100 * 40e-6) + (1000 * 80e-6), decision.BoundUsd, 12);
        Assert.Equal(sound.Arms.Select(a => (a.MostInputPrice, a.MostOutputPrice)), log.Reload().Configuration!.Arms.Select(a => (a.MostInputPrice, a.MostOutputPrice)));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        var plain = new Log(Configuration with { HardCapUsd = 1 }).Decide(Log.Query(1), r => r with { PinnedArm = "large", InputTokensBound = 100, MaxOutputTokens = 1000 });
        Assert.Equal((100 * 6.25e-6) + (1000 * 20e-6), plain.BoundUsd, 12);
    }

    private static FailedAttempt Attempt(string arm, double usd) => new(arm, FailureKind.Timeout, new TokenUsage(10, 0, 5), usd, 1);

    private static HardCapRefusal Refusal(Log log, Func<DecisionRequest, DecisionRequest> change) =>
        Assert.Throws<NoFeasibleArmException>(() => log.Decide(Log.Query(1), change)).HardCap!;

    private static List<DecisionRecord> Until402(Log log, Func<DecisionRequest, DecisionRequest> change)
    {
        var calls = new List<DecisionRecord>();
        while (calls.Count < 1000)
        {
            try
            {
                calls.Add(log.Decide(Log.Query(1), change));
            }
            catch (NoFeasibleArmException)
            {
                break;
            }
        }

        return calls;
    }

    private static void Open(Log log, Draws random, List<Call> open)
    {
        try
        {
            var decision = log.Decide(Log.Query((ulong)(1000 * random.Next())), r => r with
            {
                MaxOutputTokens = random.Next() < 0.7 ? 1 + (int)(1500 * random.Next()) : null,
                Choices = 1 + (int)(2 * random.Next()),
                InputTokensBound = 400 * random.Next(),
                PinnedArm = random.Next() < 0.3 ? "large" : null,
            });
            open.Add(new Call(decision, DecisionFacts.Of(decision), [], decision.BoundUsd));
        }
        catch (NoFeasibleArmException e)
        {
            Assert.NotNull(e.HardCap);
        }
    }

    private static void Reroute(Log log, Draws random, List<Call> open)
    {
        var index = (int)(open.Count * random.Next());
        var call = open[index];
        var next = call.Decision.Arms[(int)(2 * random.Next())];
        if (log.State.Refuses(next.BoundUsd, log.Clock) is null)
        {
            var attempt = Attempt(call.Facts.ServedArm, call.LastBound * random.Next());
            open[index] = new Call(call.Decision, log.Reroute(call.Facts, next), [.. call.Attempts, attempt], next.BoundUsd);
        }
    }

    private static void Settle(Log log, Draws random, List<Call> open)
    {
        var index = (int)(open.Count * random.Next());
        var call = open[index];
        open.RemoveAt(index);
        var (outcome, cost) = random.Next() switch
        {
            < 0.2 => (CallOutcome.Expired, call.Facts.ReservedUsd),
            < 0.3 => (CallOutcome.Failed, 0),
            < 0.5 => (CallOutcome.Completed, call.LastBound),
            _ => (CallOutcome.Aborted, call.LastBound * random.Next()),
        };
        log.Settle(call.Decision, cost, outcome: outcome, facts: call.Facts, attempts: call.Attempts);
    }

    private sealed record Call(DecisionRecord Decision, DecisionFacts Facts, FailedAttempt[] Attempts, double LastBound);

    private sealed class Draws(ulong seed)
    {
        private ulong _drawn;

        public double Next() => CounterRandom.Uniform(seed, _drawn++);
    }
}
