using System.Buffers;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Cascades;

public sealed class CascadeTests
{
    private const double FirstQuality = 0.7;

    private static readonly SecondModel[] Seconds = [new(0.9, 0.01, 2)];
    private static readonly CascadePrices Prices = new(1, 15, 0);

    [Fact]
    public void At_first_the_router_has_had_its_say_and_every_answer_leaves()
    {
        var choice = new Cascade().Consider("small/math", FirstQuality, Shown(-3), Seconds, Prices, 0.5);

        Assert.Equal(CascadeChoice.Keep, choice.Second);
        Assert.Equal(1, choice.Propensity);
        Assert.Equal(1 - FirstQuality, choice.Doubt, 12);
    }

    [Fact]
    public void Doubt_that_was_learned_escalates_and_its_probabilities_are_calibrated()
    {
        var cascade = new Cascade();
        var (escalatedRight, escalated, brier, plain) = (0, 0, 0.0, 0.0);
        for (ulong i = 0; i < 4000; i++)
        {
            var signals = Answer(i, 2, out var isRight);
            var choice = Weigh(cascade, i, signals, isRight);
            if (i >= 1000)
            {
                escalated += choice.Second == 0 ? 1 : 0;
                escalatedRight += choice.Second == 0 && isRight ? 1 : 0;
                brier += Math.Pow(1 - choice.Doubt - (isRight ? 1 : 0), 2);
                plain += Math.Pow(FirstQuality - (isRight ? 1 : 0), 2);
            }
        }

        Assert.InRange(escalated, 450, 1500);
        Assert.True(escalatedRight < 0.45 * escalated, $"{escalatedRight} of {escalated} escalated answers were right, of all {FirstQuality}.");

        // The best that these signals allow is .099; without them it is .21.
        Assert.True(brier < 0.62 * plain, $"{brier / 3000} is the error of the doubt, {plain / 3000} without signals.");
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(null)]
    public void A_confidence_that_is_always_the_same_never_escalates(double? confidence)
    {
        var cascade = new Cascade();
        for (ulong i = 0; i < 3000; i++)
        {
            var isRight = CounterRandom.Uniform(1, i) < 0.3;
            var choice = Weigh(cascade, i, new AnswerSignals { MeanLogProbability = confidence }, isRight);
            Assert.Equal(CascadeChoice.Keep, choice.Second);
        }
    }

    [Fact]
    public void Noise_hardly_ever_escalates_where_the_second_model_is_not_worth_its_price()
    {
        var (cascade, escalated) = (new Cascade(), 0);
        for (ulong i = 0; i < 3000; i++)
        {
            Answer(i, 0, out var isRight);
            var noise = Answer(i + 50_000, 0, out _);
            escalated += Weigh(cascade, i, noise, isRight, Prices with { PerUsd = 25 }).Second == CascadeChoice.Keep ? 0 : 1;
        }

        Assert.InRange(escalated, 0, 150);
    }

    [Fact]
    public void A_second_call_that_costs_more_money_or_time_than_it_gains_is_not_made()
    {
        var cascade = Learned();

        Assert.Equal(0, cascade.Consider("small/math", FirstQuality, Shown(-3), Seconds, Prices, 0.5).Second);
        Assert.Equal(CascadeChoice.Keep, cascade.Consider("small/math", FirstQuality, Shown(-3), Seconds, Prices with { PerUsd = 100 }, 0.5).Second);
        Assert.Equal(CascadeChoice.Keep, cascade.Consider("small/math", FirstQuality, Shown(-3), Seconds, Prices with { PerSecond = 1 }, 0.5).Second);
        Assert.Equal(CascadeChoice.Keep, cascade.Consider("small/math", FirstQuality, Shown(-3), [], Prices, 0.5).Second);
        Assert.Equal(CascadeChoice.Keep, cascade.Consider("small/math", FirstQuality, Shown(0), Seconds, Prices, 0.5).Second);
    }

    [Fact]
    public void The_better_bargain_of_two_takes_over_and_a_few_leave_all_the_same()
    {
        var cascade = Learned();
        SecondModel[] two = [new(0.95, 0.04, 2), new(0.9, 0.005, 2)];

        var choice = cascade.Consider("small/math", FirstQuality, Shown(-3), two, Prices, 0.5);
        var spared = cascade.Consider("small/math", FirstQuality, Shown(-3), two, Prices, 0.001);

        Assert.Equal(1, choice.Second);
        Assert.Equal(CascadeChoice.Keep, spared.Second);
        Assert.Equal(1, choice.Propensity + spared.Propensity, 12);
        Assert.True(choice.Gain > 0 && choice.Doubt > 0.5);
    }

    [Fact]
    public void Considering_changes_nothing_and_a_restored_state_goes_on_the_same()
    {
        var cascade = Learned();
        var bytes = Bytes(cascade);
        cascade.Consider("small/math", FirstQuality, Shown(-3), Seconds, Prices, 0.5);
        Assert.Equal(bytes, Bytes(cascade));

        var reader = new StateReader(bytes);
        var restored = Cascade.Read(ref reader);
        Assert.True(reader.AtEnd);
        for (ulong i = 0; i < 300; i++)
        {
            var signals = Answer(i + 9000, 2, out var isRight);
            Weigh(cascade, i, signals, isRight);
            Weigh(restored, i, signals, isRight);
        }

        Assert.Equal(Bytes(cascade), Bytes(restored));
    }

    [Theory]
    [InlineData(0.1, 1, 0.5, 0.5, "MeanLogProbability")]
    [InlineData(-1, -1, 0.5, 0.5, "Tokens")]
    [InlineData(-1, 1, 1.5, 0.5, "SelfReport")]
    [InlineData(-1, 1, 0.5, double.NaN, "Verdict")]
    public void A_signal_outside_its_range_is_named(double logarithm, double tokens, double stated, double verdict, string name)
    {
        var signals = new AnswerSignals { MeanLogProbability = logarithm, Tokens = tokens, SelfReport = stated, Verdict = verdict };

        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new Cascade().Considered("g", signals)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cascade().KeptRewarded("g", 0.5, default, 1.1));
    }

    private static AnswerSignals Shown(double logarithm) => new() { MeanLogProbability = logarithm };

    // Right with probability .7; the signal's mean is higher by the distance, in standard deviations, where it is.
    private static AnswerSignals Answer(ulong i, double distance, out bool isRight)
    {
        isRight = CounterRandom.Uniform(1, i) < FirstQuality;
        var normal = Math.Sqrt(-2 * Math.Log(1 - CounterRandom.Uniform(2, i))) * Math.Cos(2 * Math.PI * CounterRandom.Uniform(3, i));
        return Shown(Math.Min(0, (normal + (isRight ? distance : 0) - 5) / 4));
    }

    // The second model is right with probability .9, whatever the first one's answer is.
    private static CascadeChoice Weigh(Cascade cascade, ulong i, in AnswerSignals signals, bool isRight, CascadePrices? prices = null)
    {
        var choice = cascade.Consider("small/math", FirstQuality, signals, Seconds, prices ?? Prices, CounterRandom.Uniform(4, i));
        cascade.Considered("small/math", signals);
        if (choice.Second == CascadeChoice.Keep)
        {
            cascade.KeptRewarded("small/math", FirstQuality, signals, isRight ? 1 : 0);
        }
        else
        {
            cascade.EscalatedRewarded("small/math", Seconds[choice.Second].Quality, signals, CounterRandom.Uniform(5, i) < 0.9 ? 1 : 0);
        }

        return choice;
    }

    private static Cascade Learned()
    {
        var cascade = new Cascade();
        for (ulong i = 0; i < 1500; i++)
        {
            var signals = Answer(i, 2, out var isRight);
            Weigh(cascade, i, signals, isRight);
        }

        return cascade;
    }

    private static byte[] Bytes(Cascade cascade)
    {
        var buffer = new ArrayBufferWriter<byte>();
        cascade.Write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
