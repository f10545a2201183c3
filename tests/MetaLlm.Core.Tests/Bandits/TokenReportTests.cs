using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Bandits;

/// <summary>What calls report of their tokens: most of it is true, some of it is absurd.</summary>
public sealed class TokenReportTests
{
    private const int Dimension = 4;
    private const double Absurd = 1e9;
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(300)]
    public void One_absurd_report_moves_its_arm_by_a_bounded_factor_and_no_other_arm(int honest)
    {
        var model = Model();
        Honest(model, 0, honest);
        Honest(model, 1, honest);
        var (before, other) = (Output(model, 0), Output(model, 1));

        model.Observe(0, X(900), new TokenUsage(Absurd, 0, Absurd), 50, _noon);

        Assert.InRange(Output(model, 0) / before, 1, 10);
        Assert.InRange(Cost(model, 0), 0, 0.01);
        Assert.Equal(other, Output(model, 1));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(100, 40)]
    public void Absurd_reports_are_unlearned_within_tens_of_honest_ones(int absurd, int honest)
    {
        var (model, untouched) = (Model(), Model());
        foreach (var one in new[] { model, untouched })
        {
            Honest(one, 0, 50);
            Honest(one, 1, 50);
        }

        for (var i = 0; i < absurd; i++)
        {
            model.Observe(0, X(2000 + i), new TokenUsage(Absurd, Absurd, Absurd), 50, _noon);
        }

        Assert.Equal(Output(untouched, 1), Output(model, 1));
        Assert.True(absurd == 1 || Output(model, 0) > 100 * Output(untouched, 0), "Repeated often enough, anything is believed.");
        Honest(model, 0, honest);

        Assert.InRange(Output(model, 0) / Output(untouched, 0), 0.4, 2.5);
        Assert.InRange(Cost(model, 0) / Cost(untouched, 0), 0.4, 3);
        Assert.InRange(Output(model, 1) / Output(untouched, 1), 0.9, 1.1);
    }

    [Fact]
    public void A_report_above_what_the_arm_can_write_is_cut_to_it()
    {
        var model = Model(mostOutput: 4096);
        for (var i = 0; i < 100; i++)
        {
            model.Observe(0, X(i), new TokenUsage(50, 0, 100_000), 50, _noon);
        }

        Assert.InRange(Output(model, 0), 1000, 5000);
    }

    [Fact]
    public void What_made_an_arm_too_dear_to_be_called_fades_with_the_hours()
    {
        var model = Model();
        for (var i = 0; i < 40; i++)
        {
            model.Observe(0, X(i), new TokenUsage(40 * 1000, 0, 1e6), 40, _noon);
        }

        var poisoned = Output(model, 0);
        Assert.True(poisoned > 100_000);
        Assert.Equal(poisoned, Output(model, 0, _noon.AddMinutes(59)));
        Assert.InRange(Output(model, 0, _noon.AddHours(3)) / poisoned, 0.2, 0.3);
        Assert.InRange(Output(model, 0, _noon.AddDays(1)), 1000, 10_000);
        Assert.InRange(Cost(model, 0, _noon.AddDays(1)), 0, 0.1);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.2)]
    public void The_mean_of_honest_answers_stays_right_where_a_few_are_very_long(double deviation)
    {
        var model = Model();
        var sum = 0.0;
        for (var i = 0; i < 4000; i++)
        {
            var output = 300 * Math.Exp(deviation * Normal(i));
            sum += output;
            model.Observe(0, X(i), new TokenUsage(50, 0, output), 50, _noon);
        }

        Assert.Equal(1, Enumerable.Range(0, 200).Average(i => Output(model, 0, x: i)) / (sum / 4000), 0.05);
    }

    [Fact]
    public void An_arm_that_writes_three_hundred_times_as_much_as_expected_is_known_after_a_few_calls()
    {
        var model = Model();
        Honest(model, 1, 10);
        for (var i = 0; i < 8; i++)
        {
            model.Observe(0, X(i), new TokenUsage(50, 0, 30_000), 50, _noon);
        }

        Assert.InRange(Output(model, 0), 15_000, 60_000);
    }

    [Fact]
    public void Predicted_input_follows_what_the_provider_counts_and_an_estimate_is_no_count()
    {
        var model = Model();
        var estimated = Cost(model, 0) - (Output(model, 0) * 1e-5);
        for (var i = 0; i < 200; i++)
        {
            model.Observe(0, X(i), new TokenUsage(4 * (40 + i), 0, 0), 40 + i, _noon);
            model.Observe(1, X(i), new TokenUsage(40 + i, 0, 0), 40 + i, _noon);
        }

        Assert.Equal(estimated * 4, Cost(model, 0) - (Output(model, 0) * 1e-5), estimated * 0.2);
        Assert.Equal(estimated, Cost(model, 1) - (Output(model, 1) * 1e-5), 1e-12);
    }

    [Fact]
    public void Absurd_counts_of_a_prompt_change_neither_its_predicted_size_nor_its_cached_part_much()
    {
        var input = new InputStatistics();
        for (var i = 0; i < 50; i++)
        {
            input.Observe(new TokenUsage(120, 30, 0), 100);
        }

        var before = input.Predict(100, out var cached);
        input.Observe(new TokenUsage(Absurd, Absurd, 0), 100);

        Assert.InRange(input.Predict(100, out var then) / before, 1, 1.2);
        Assert.InRange(then / cached, 1, 2);
    }

    [Fact]
    public void Prompts_that_count_fifty_times_their_estimate_are_known_after_tens_of_calls()
    {
        var input = new InputStatistics();
        for (var i = 0; i < 30; i++)
        {
            input.Observe(new TokenUsage(5000, 0, 0), 100);
        }

        Assert.InRange(input.Ratio, 25, 55);
    }

    [Fact]
    public void A_state_that_watched_reports_goes_on_as_if_it_had_not_been_saved()
    {
        var (straight, saved) = (Model(), Model());
        Mixed(straight, 0, 60);
        Mixed(saved, 0, 30);
        var buffer = new ArrayBufferWriter<byte>();
        saved.Write(new StateWriter(buffer));
        saved = Model();
        var reader = new StateReader(buffer.WrittenSpan);
        saved.Read(ref reader);
        Assert.True(reader.AtEnd);
        Mixed(saved, 30, 60);

        Assert.Equal(Bytes(straight), Bytes(saved));

        static void Mixed(TokenModel model, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                var absurd = i % 29 == 28 || i % 30 == 29;
                model.Observe(i % 2, X(i), new TokenUsage(absurd ? Absurd : 60, 10, absurd ? Absurd : 200 + i), 50, _noon.AddMinutes(i));
            }
        }
    }

    private static byte[] Bytes(TokenModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        model.Write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static TokenModel Model(int mostOutput = 0)
    {
        var model = new TokenModel(Dimension);
        var prices = new TokenPrices(2e-6, 1e-6, 1e-5);
        model.SetArms([new Arm { Id = "a", Prices = prices, PriorOutputTokens = 100, MaxOutputTokens = mostOutput }, new Arm { Id = "b", Prices = prices, PriorOutputTokens = 100 }], [-1, -1]);
        return model;
    }

    private static void Honest(TokenModel model, int arm, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            model.Observe(arm, X((1000 * arm) + i), new TokenUsage(60, 0, 200 * Math.Exp(0.4 * Normal((1000 * arm) + i))), 50, _noon);
        }
    }

    private static double Output(TokenModel model, int arm, DateTimeOffset at = default, int x = 5000)
    {
        Predict(model, arm, at, x, out var output);
        return output;
    }

    private static double Cost(TokenModel model, int arm, DateTimeOffset at = default) => Predict(model, arm, at, 5000, out _);

    private static double Predict(TokenModel model, int arm, DateTimeOffset at, int x, out double output) =>
        model.Predict(arm, X(x), model.SharedFactor(X(x)), 50, at, out output);

    private static double[] X(int i) => [1, Normal(i + 10_000), Normal(i + 20_000), Normal(i + 30_000)];

    private static double Normal(int i)
    {
        var (u, v) = (CounterRandom.Uniform(11, (ulong)i), CounterRandom.Uniform(12, (ulong)i));
        return Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v);
    }
}
