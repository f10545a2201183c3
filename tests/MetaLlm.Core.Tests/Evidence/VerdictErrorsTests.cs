using MetaLlm.Core.Evidence;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Evidence;

public sealed class VerdictErrorsTests
{
    [Fact]
    public void Without_a_pair_and_with_exact_ones_there_are_none()
    {
        var errors = new VerdictErrors();
        Assert.True(errors.IsNone);
        foreach (var reward in new[] { 0, 0.3, 0.5, 0.75, 1 })
        {
            errors.Add(reward, reward, 1);
        }

        Assert.True(errors.IsNone);
        Assert.Equal((5, 1, 1), (errors.Pairs, errors.Slope, errors.Reliability));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    public void Verdicts_that_are_turned_at_random_give_their_rate_where_most_answers_are_right(double rate)
    {
        var errors = Turned(2000, rate, 0.85);
        Assert.InRange(errors.Excess, rate - 0.03, rate + 0.03);
        Assert.InRange(errors.Slope, 1 - (2 * rate) - 0.05, 1 - (2 * rate) + 0.05);
        Assert.InRange(errors.Noise, rate * (1 - rate) * 0.85, rate * (1 - rate) * 1.15);
        var expected = (1 - (2 * rate)) * (1 - (2 * rate));
        Assert.InRange(errors.Reliability, expected - 0.1, expected + 0.05);
    }

    [Fact]
    public void A_judge_that_praises_all_answers_alike_tells_nothing_and_so_does_one_that_draws_lots()
    {
        var kind = new VerdictErrors();
        for (var i = 0; i < 300; i++)
        {
            kind.Add(0.8, i % 2, 1);
        }

        Assert.InRange(kind.Slope, -0.01, 0.1);
        Assert.InRange(Turned(200, 0.5, 0.85).Reliability, 0, 0.02);
        Assert.InRange(Turned(30, 0.5, 0.85).Reliability, 0, 0.2);
    }

    [Fact]
    public void A_pair_that_is_taken_back_leaves_nothing()
    {
        var (once, twice) = (Turned(50, 0.1, 0.7), Turned(50, 0.1, 0.7));
        twice.Add(0.25, 0.75, 1);
        twice.Add(0.25, 0.75, -1);
        Assert.Equal((once.Pairs, once.Slope, once.Excess), (twice.Pairs, twice.Slope, twice.Excess));
        Assert.Equal(once.Noise, twice.Noise, 12);
    }

    private static VerdictErrors Turned(int pairs, double rate, double right)
    {
        var errors = new VerdictErrors();
        for (var i = 0; i < pairs; i++)
        {
            var reward = CounterRandom.Uniform(3, (ulong)i) < right ? 1 : 0;
            errors.Add(CounterRandom.Uniform(4, (ulong)i) < rate ? 1 - reward : reward, reward, 1);
        }

        return errors;
    }
}
