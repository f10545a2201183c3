using MetaLlm.Core.Numerics;
using MetaLlm.Evaluation.Challenging;

namespace MetaLlm.Evaluation.Tests.Challenging;

public sealed class DifferenceSequenceTests
{
    private const double Alpha = 0.05;
    private const int Runs = 400;
    private const int Decisions = 1000;

    private static readonly double[] Logging = [0.6, 0.3, 0.1];
    private static readonly double[] Rewards = [0.4, 0.5, 0.8];

    /// <summary>Whoever looks after every single decision is misled no more often than said.</summary>
    [Theory]
    [InlineData(0.4, 0.5, 0.8)]
    [InlineData(0.5, 0.5, 0.5)]
    [InlineData(0.0, 1.0, 1.0)]
    public void The_bound_holds_at_every_decision_at_once(double first, double second, double third)
    {
        double[] model = [first, second, third];
        double[] champion = [0.7, 0.2, 0.1], challenger = [0.1, 0.6, 0.3];
        var truth = Value(challenger) - Value(champion);
        var (below, above) = (0, 0);
        Parallel.For(0, Runs, run =>
        {
            DifferenceSequence lower = new(Alpha), upper = new(Alpha);
            var (wrongBelow, wrongAbove) = (false, false);
            for (var i = 0; i < Decisions; i++)
            {
                var (choice, reward) = Draw(run, i, champion, challenger, model, price: [0, 0, 0]);
                lower.Observe(choice, reward);
                upper.Observe(choice.Exchanged, reward);
                wrongBelow |= lower.Lower > truth;
                wrongAbove |= -upper.Lower < truth;
            }

            Interlocked.Add(ref below, wrongBelow ? 1 : 0);
            Interlocked.Add(ref above, wrongAbove ? 1 : 0);
        });
        Assert.True(below <= Alpha * Runs && above <= Alpha * Runs, $"{below} and {above} of {Runs} are misled.");
    }

    [Fact]
    public void Policies_that_choose_alike_never_differ()
    {
        var sequence = new DifferenceSequence(Alpha);
        for (var i = 0; i < Decisions; i++)
        {
            var (choice, reward) = Draw(1, i, Rewards, Rewards, Rewards, price: [0.1, 0.2, 0.3]);
            sequence.Observe(choice, reward);
            Assert.True(sequence.Lower < 0);
        }

        Assert.InRange(sequence.Lower, -0.02, 0);
    }

    [Fact]
    public void Money_moves_the_bound_by_what_it_is_worth()
    {
        DifferenceSequence free = new(Alpha), priced = new(Alpha);
        double[] champion = [1, 0, 0], challenger = [0, 0, 1], price = [0.01, 0.05, 0.25];
        for (var i = 0; i < Decisions; i++)
        {
            var (choice, reward) = Draw(2, i, champion, challenger, Rewards, [0, 0, 0]);
            free.Observe(choice, reward);
            priced.Observe(choice with { Price = price }, reward);
        }

        Assert.Equal(0.24, free.Lower - priced.Lower, 9);
    }

    [Fact]
    public void What_the_log_never_does_counts_as_the_worst()
    {
        var sequence = new DifferenceSequence(Alpha);
        for (var i = 0; i < Decisions; i++)
        {
            sequence.Observe(new PairedChoice(0, [1, 0], [1, 0], [0, 1], [1, 1], [0, 0], [0, 0]), 1);
        }

        Assert.InRange(sequence.Lower, -1.1, -0.9);
    }

    private static double Value(double[] target) => PairedChoice.Mean(target, Rewards);

    private static (PairedChoice Choice, double Reward) Draw(int run, int i, double[] champion, double[] challenger, double[] model, double[] price)
    {
        var stream = CounterRandom.Bits(7, (ulong)run);
        var drawn = CounterRandom.Uniform(stream, (ulong)(2 * i));
        var arm = drawn < Logging[0] ? 0 : drawn < Logging[0] + Logging[1] ? 1 : 2;
        return (new PairedChoice(arm, Logging, champion, challenger, model, price, price), CounterRandom.Uniform(stream, (ulong)((2 * i) + 1)) < Rewards[arm] ? 1 : 0);
    }
}
