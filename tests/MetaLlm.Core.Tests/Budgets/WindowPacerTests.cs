using System.Buffers;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class WindowPacerTests
{
    private const double Target = 0.002;

    [Fact]
    public void What_exploration_will_cost_comes_out_of_the_same_target()
    {
        var (unaware, aware) = (Fed(400, 0.4, 0), Fed(400, 0.4, 0.25 * Target));
        Assert.True(aware.Lambda(Target) > unaware.Lambda(Target));

        // At the price of the pacer that knows, greedy choices leave a quarter of the target for exploration.
        Assert.InRange(Greedy(aware.Lambda(Target)) / Greedy(unaware.Lambda(Target)), 0.65, 0.85);

        static double Greedy(double price) => Enumerable.Range(0, 4000).Average(t => Gain(t, 0.4) > price * 0.0099 ? 0.01 : 0.0001);
    }

    [Fact]
    public void A_pacer_that_is_told_of_an_upheaval_finds_the_new_price_sooner()
    {
        var (told, untold) = (Fed(600, 0.4, 0), Fed(600, 0.4, 0));
        var before = told.Lambda(Target);
        told.ResetDual(Target);
        Assert.Equal(before, told.Lambda(Target), 9);

        // The dear arm was worth up to 0.4 more; now up to 0.1.
        Feed(told, 600, 700, 0.1, 0);
        Feed(untold, 600, 700, 0.1, 0);
        Assert.True(untold.Lambda(Target) < before);
        Assert.True(told.Lambda(Target) < 0.75 * untold.Lambda(Target), $"before {before}, told {told.Lambda(Target)}, untold {untold.Lambda(Target)}");
    }

    [Fact]
    public void A_change_of_prices_changes_the_price_of_money_at_once()
    {
        var pacer = Fed(600, 0.4, 0);
        var before = pacer.Lambda(Target);
        pacer.Reprice([1, 0.5]);
        Assert.InRange(pacer.Lambda(Target), before, 3 * before);
        pacer.Reprice([1, 0.1]);
        Assert.InRange(pacer.Lambda(Target), 0, before / 10);
    }

    [Fact]
    public void Without_a_budget_everything_is_forgotten_and_a_new_one_starts_afresh()
    {
        var pacer = Fed(600, 0.4, 0.25 * Target);
        pacer.ResetDual(Target);
        Assert.False(pacer.Begin(double.PositiveInfinity));
        Assert.Equal(0, pacer.Lambda(double.PositiveInfinity));
        Assert.Equal(Bytes(Fresh()), Bytes(pacer));
        Feed(pacer, 0, 100, 0.4, 0);
        Assert.Equal(Bytes(Fed(100, 0.4, 0)), Bytes(pacer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(300)]
    public void A_pacer_read_back_goes_on_as_the_one_that_was_written(int decisions)
    {
        var pacer = Fed(decisions, 0.4, 0.1 * Target);
        var bytes = Bytes(pacer);
        var copy = new WindowPacer();
        var reader = new StateReader(bytes);
        copy.Read(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Bytes(copy));
        Feed(pacer, decisions, decisions + 100, 0.4, 0);
        Feed(copy, decisions, decisions + 100, 0.4, 0);

        // The prices are those at which the last decisions are shown again, too.
        pacer.Reprice([1, 0.5]);
        copy.Reprice([1, 0.5]);
        Assert.Equal(Bytes(pacer), Bytes(copy));
        Assert.Equal(pacer.Lambda(Target), copy.Lambda(Target));
    }

    private static WindowPacer Fresh()
    {
        var pacer = new WindowPacer();
        pacer.SetArms(2);
        Assert.True(pacer.Begin(Target));
        Assert.False(pacer.Begin(double.PositiveInfinity));
        return pacer;
    }

    private static WindowPacer Fed(int decisions, double gain, double exploredUsd)
    {
        var pacer = Fresh();
        Feed(pacer, 0, decisions, gain, exploredUsd);
        return pacer;
    }

    // Two arms, 0.0001 and 0.01 USD; now and then the second one is not to be had.
    private static void Feed(WindowPacer pacer, int from, int to, double gain, double exploredUsd)
    {
        for (var t = from; t < to; t++)
        {
            Assert.True(pacer.Begin(Target));
            pacer.Offer(0, 0.5, 0.0001);
            if (t % 97 != 5)
            {
                pacer.Offer(1, 0.5 + Gain(t, gain), 0.01);
            }

            pacer.End(exploredUsd);
            pacer.Observe(Target, Target, Target);
        }
    }

    private static double Gain(int t, double largest) => largest * CounterRandom.Uniform(1, (ulong)t);

    private static byte[] Bytes(WindowPacer pacer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        pacer.Write(new StateWriter(bytes));
        return bytes.WrittenSpan.ToArray();
    }
}
