using MetaLlm.Core.Numerics;
using MetaLlm.Core.Rollout;

namespace MetaLlm.Core.Tests.Rollout;

public sealed class MeanSequenceTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.02)]
    public void Bounds_hold_at_every_time_at_once(double mean)
    {
        const double Alpha = 0.1;
        const int Runs = 400;
        var (low, high) = (0, 0);
        for (ulong run = 0; run < Runs; run++)
        {
            var sequence = new MeanSequence();
            var (missedLow, missedHigh) = (false, false);
            for (var i = 0; i < 600; i++)
            {
                sequence.Observe(CounterRandom.Uniform(run, (ulong)i) < mean ? 1 : 0, Alpha);
                missedLow |= sequence.Lower(Alpha) > mean;
                missedHigh |= sequence.Upper(Alpha) < mean;
            }

            low += missedLow ? 1 : 0;
            high += missedHigh ? 1 : 0;
        }

        // The bound of the probability and three standard errors of a share of 400.
        var most = Runs * (Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / Runs)));
        Assert.True(low <= most && high <= most, $"{low} and {high} of {Runs} runs left the bounds.");
    }

    [Fact]
    public void Bounds_close_in_on_the_mean()
    {
        var sequence = new MeanSequence();
        Assert.Equal((0, 1), (sequence.Lower(0.05), sequence.Upper(0.05)));
        for (var i = 0; i < 4000; i++)
        {
            sequence.Observe(i % 4 == 0 ? 1 : 0, 0.05);
        }

        Assert.Equal(0.25, sequence.Mean, 12);
        Assert.InRange(sequence.Lower(0.05), 0.21, 0.25);
        Assert.InRange(sequence.Upper(0.05), 0.25, 0.29);
    }

    [Fact]
    public void Numbers_that_vary_little_are_known_sooner()
    {
        var (steady, wild) = (new MeanSequence(), new MeanSequence());
        for (var i = 0; i < 300; i++)
        {
            steady.Observe(0.5 + (0.01 * (i % 2)), 0.05);
            wild.Observe(i % 2, 0.05);
        }

        Assert.True(steady.Upper(0.05) - steady.Lower(0.05) < 0.4 * (wild.Upper(0.05) - wild.Lower(0.05)));
    }

    [Fact]
    public void A_canary_that_is_as_good_is_hardly_ever_stopped()
    {
        var stopped = 0;
        for (ulong run = 0; run < 200; run++)
        {
            var (own, others) = (new MeanSequence(), new MeanSequence());
            var isStopped = false;
            for (var i = 0; i < 1500 && !isStopped; i++)
            {
                (CounterRandom.Uniform(run + 5000, (ulong)i) < 0.2 ? own : others).Observe(CounterRandom.Uniform(run, (ulong)i) < 0.7 ? 1 : 0, 0.05 / 4);
                isStopped = own.Upper(0.05 / 4) < others.Lower(0.05 / 4);
            }

            stopped += isStopped ? 1 : 0;
        }

        Assert.InRange(stopped, 0, 10);
    }
}
