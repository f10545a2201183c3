using FsCheck;
using FsCheck.Fluent;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class BudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0004)]
    [InlineData(0.002)]
    [InlineData(0.008)]
    public void The_pacer_meets_the_target_on_a_stream_it_has_never_seen(double target)
    {
        var pacer = new DollarPacer();
        pacer.SetArms(2);
        pacer.SetTarget(target, null);
        var spent = 0.0;
        const int calls = 4000;
        for (var t = 0; t < calls; t++)
        {
            // Two arms, 0.0001 and 0.01 USD; the dear one is worth up to 0.4 more.
            var gain = 0.4 * CounterRandom.Uniform(1, (ulong)t);
            Predict(pacer, gain);
            var predicted = gain > pacer.Lambda * 0.0099 ? 0.01 : 0.0001;
            var cost = predicted * (0.5 + CounterRandom.Uniform(2, (ulong)t));
            pacer.Observe(cost, predicted);
            spent += cost;
        }

        Assert.InRange(spent / calls / target, 0.97, 1.02);
    }

    [Fact]
    public void Predictions_that_are_wrong_by_a_factor_do_not_move_what_is_spent()
    {
        var pacer = new DollarPacer();
        pacer.SetArms(2);
        pacer.SetTarget(0.002, null);
        var spent = 0.0;
        const int calls = 8000;
        for (var t = 0; t < calls; t++)
        {
            // The dear arm is taken for three times cheaper than it is.
            var gain = 0.4 * CounterRandom.Uniform(1, (ulong)t);
            Predict(pacer, gain, 0.0033);
            var dear = gain > pacer.Lambda * 0.0032;
            var cost = dear ? 0.01 : 0.0001;
            pacer.Observe(cost, dear ? 0.0033 : 0.0001);
            spent += cost;
        }

        Assert.InRange(spent / calls / 0.002, 0.97, 1.05);
    }

    [Fact]
    public void One_dear_call_hardly_moves_the_price_and_choices_that_miss_the_target_do()
    {
        const double target = 0.002;
        var steady = Lambda(target, target, target);
        var dearCall = Lambda(20 * target, target, target);
        var missing = Lambda(target, target, 2 * target);
        Assert.InRange(dearCall / steady, 1, 1.2);
        Assert.True(missing > 1.3 * steady, $"steady {steady}, one dear call {dearCall}, choices above the target {missing}");

        // 300 calls as predicted, one that costs something else, 50 with another prediction.
        static double Lambda(double once, double before, double after)
        {
            var pacer = new DollarPacer();
            pacer.SetArms(2);
            pacer.SetTarget(target, null);
            for (var t = 0; t < 351; t++)
            {
                Predict(pacer, 0.4 * CounterRandom.Uniform(1, (ulong)t));
                var predicted = t < 300 ? before : after;
                pacer.Observe(t == 300 ? once : predicted, predicted);
            }

            return pacer.Lambda;
        }
    }

    [Fact]
    public void What_exploration_will_cost_comes_out_of_the_same_target()
    {
        const double target = 0.002;
        var (unaware, aware) = (Price(0), Price(0.25 * target));
        Assert.True(aware > unaware, $"{aware} {unaware}");

        // At the price of the pacer that knows, greedy choices leave a quarter of the target for exploration.
        Assert.InRange(Greedy(aware) / Greedy(unaware), 0.65, 0.85);

        static double Greedy(double price) =>
            Enumerable.Range(0, 4000).Average(t => 0.4 * CounterRandom.Uniform(1, (ulong)t) > price * 0.0099 ? 0.01 : 0.0001);

        static double Price(double exploredUsd)
        {
            var pacer = new DollarPacer();
            pacer.SetArms(2);
            pacer.SetTarget(target, null);
            for (var t = 0; t < 400; t++)
            {
                Predict(pacer, 0.4 * CounterRandom.Uniform(1, (ulong)t), exploredUsd: exploredUsd);
                pacer.Observe(target, target);
            }

            return pacer.Lambda;
        }
    }

    [Fact]
    public void A_pacer_that_is_told_of_an_upheaval_finds_the_new_price_sooner()
    {
        const double target = 0.002;
        var (before, told, untold) = (Price(0, false), Price(100, true), Price(100, false));
        Assert.Equal(before, Price(0, true), 9);
        Assert.True(told < 0.75 * untold, $"before {before}, told {told}, untold {untold}");
        Assert.True(untold < before);

        // The dear arm is worth up to 0.4 more; then, for some decisions, up to 0.1.
        static double Price(int after, bool tell)
        {
            var pacer = new DollarPacer();
            pacer.SetArms(2);
            pacer.SetTarget(target, null);
            for (var t = 0; t < 600 + after; t++)
            {
                if (t == 600 && tell)
                {
                    pacer.ResetDual();
                }

                Predict(pacer, (t < 600 ? 0.4 : 0.1) * CounterRandom.Uniform(1, (ulong)t));
                pacer.Observe(target, target);
            }

            return pacer.Lambda;
        }
    }

    [Fact]
    public void A_pacer_read_back_goes_on_as_the_one_that_was_written()
    {
        var pacer = new DollarPacer();
        pacer.SetArms(2);
        pacer.SetTarget(0.002, 50);
        Feed(pacer, 0, 300);
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        pacer.Write(new StateWriter(bytes));
        var copy = new DollarPacer();
        var reader = new StateReader(bytes.WrittenSpan);
        copy.Read(ref reader);
        Feed(pacer, 300, 600);
        Feed(copy, 300, 600);
        Assert.Equal(pacer.Lambda, copy.Lambda);
    }

    [Fact]
    public void A_change_of_prices_changes_the_price_of_money_at_once()
    {
        var pacer = new DollarPacer();
        pacer.SetArms(2);
        pacer.SetTarget(0.002, null);
        Feed(pacer, 0, 600);
        var before = pacer.Lambda;
        pacer.Reprice([1, 0.5]);
        Assert.InRange(pacer.Lambda, before, 3 * before);
        pacer.Reprice([1, 0.1]);
        Assert.InRange(pacer.Lambda, 0, before / 10);
    }

    [Fact]
    public void What_nobody_wanted_to_spend_is_not_saved()
    {
        var pacer = new DollarPacer();
        pacer.SetArms(2);
        pacer.SetTarget(0.02, null);
        for (var t = 0; t < 1000; t++)
        {
            Feed(pacer, t, t + 1);
        }

        // Nothing costs more than the target; then everything becomes ten times more expensive.
        pacer.Reprice([1, 10]);
        var spent = 0.0;
        for (var t = 1000; t < 3000; t++)
        {
            var gain = 0.4 * CounterRandom.Uniform(1, (ulong)t);
            var cost = gain > pacer.Lambda * 0.0999 ? 0.1 : 0.0001;
            Predict(pacer, gain, 0.1);
            pacer.Observe(cost, cost);
            spent += cost;
        }

        Assert.InRange(spent / 2000 / 0.02, 0.9, 1.03);
    }

    // A decision between an arm of 0.0001 USD and a dear one that is worth more by a gain.
    private static void Predict(DollarPacer pacer, double gain, double dearUsd = 0.01, double exploredUsd = 0)
    {
        Assert.True(pacer.Begin());
        pacer.Offer(0, 0.5, 0.0001);
        pacer.Offer(1, 0.5 + gain, dearUsd);
        pacer.End(exploredUsd);
    }

    private static void Feed(DollarPacer pacer, int from, int to)
    {
        for (var t = from; t < to; t++)
        {
            Predict(pacer, 0.4 * CounterRandom.Uniform(1, (ulong)t));
            var cost = 0.004 * CounterRandom.Uniform(2, (ulong)t);
            pacer.Observe(cost, cost);
        }
    }

    [Fact]
    public void A_price_that_ran_away_comes_back_when_traffic_gets_cheap()
    {
        var pacer = new DollarPacer();
        pacer.SetTarget(0.001, null);
        for (var t = 0; t < 500; t++)
        {
            pacer.Observe(0.1, 0.1);
        }

        var high = pacer.Lambda;
        Assert.InRange(high, 100, 1e6);
        for (var t = 0; t < 3000; t++)
        {
            pacer.Observe(0.0001, 0.0001);
        }

        Assert.InRange(pacer.Lambda, 0, high / 10);
    }

    [Fact]
    public void Without_a_target_money_has_no_price()
    {
        var pacer = new DollarPacer();
        pacer.Observe(1, 1);
        Assert.Equal(0, pacer.Lambda);
        pacer.SetTarget(0.01, 3);
        Assert.Equal(3, pacer.Lambda);
        pacer.SetTarget(null, null);
        Assert.Equal(0, pacer.Lambda);
    }

    [Fact]
    public void Whatever_was_reserved_is_exactly_zero_when_all_is_settled() =>
        Prop.ForAll<double[]>(amounts =>
        {
            var ledger = new SpendLedger();
            var money = amounts.Where(double.IsFinite).Select(a => Math.Abs(a) % 1).ToArray();
            foreach (var usd in money)
            {
                ledger.Reserve(usd, 3 * usd);
            }

            foreach (var usd in money.Reverse())
            {
                ledger.Release(usd, 3 * usd);
                ledger.Charge(usd / 3, TimeSpan.FromHours(1), Start);
            }

            return ledger.ReservedUsd == 0 && ledger.HeldUsd == 0 && !ledger.HoldsMore && Math.Abs(ledger.TotalUsd - money.Sum(m => m / 3)) < 1e-9;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(99UL, 77UL));

    [Fact]
    public void A_new_window_frees_the_cap_but_not_what_is_set_aside()
    {
        var ledger = new SpendLedger();
        var hour = TimeSpan.FromHours(1);
        ledger.Charge(0.7, hour, Start);
        ledger.Reserve(0.1, 0.2);
        Assert.Equal(0.1m, ledger.Headroom(1m, hour, Start.AddMinutes(59)));
        Assert.Equal(0.8m, ledger.Headroom(1m, hour, Start.AddMinutes(60)));
        ledger.Release(0.1, 0.2);
        ledger.Charge(0.25, hour, Start.AddMinutes(61));
        Assert.Equal(0.75m, ledger.Headroom(1m, hour, Start.AddMinutes(62)));
        Assert.Equal(0.95, ledger.TotalUsd, 1e-12);
    }

    [Fact]
    public void An_overdrawn_purse_allows_nothing_until_it_has_recovered()
    {
        var explorationBudget = new ExplorationBudget();
        const double target = 0.01;
        Assert.Equal(0.05 * target, explorationBudget.Allowance(target), 1e-15);
        explorationBudget.Record(target, 0.02);
        Assert.Equal(0, explorationBudget.Allowance(target));
        for (var i = 0; i < 45; i++)
        {
            explorationBudget.Record(target, 0);
        }

        Assert.InRange(explorationBudget.Allowance(target), target * 0.25, target * 0.45);
        for (var i = 0; i < 10_000; i++)
        {
            explorationBudget.Record(target, 0);
        }

        Assert.Equal(2.5 * target, explorationBudget.Allowance(target), 1e-12);
        Assert.Equal(double.PositiveInfinity, explorationBudget.Allowance(double.PositiveInfinity));
    }
}
