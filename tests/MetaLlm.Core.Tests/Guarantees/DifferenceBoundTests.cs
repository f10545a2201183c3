using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Guarantees;

public sealed class DifferenceBoundTests
{
    // Computed with 30 digits by another program from the formula of the remarks.
    [Theory]
    [InlineData(100, 0, 1, 0.05, 0.0402195351632)]
    [InlineData(200, 5, 1, 0.05, 0.0702072121727)]
    [InlineData(1000, 40, 1, 0.01, 0.0657058367243)]
    [InlineData(4000, 6, 0.05, 0.05, 0.0798871674301)]
    [InlineData(160, 0, 1, 0.00114, 0.0504822276)]
    [InlineData(20, 20, 1, 0.05, 1)]
    [InlineData(0, 0, 1, 0.05, 1)]
    public void The_bound_is_where_the_wealth_is_one_over_alpha(long count, long happened, double share, double alpha, double expected) =>
        Assert.Equal(expected, DifferenceBound.Upper(count, happened, share, alpha), 9);

    [Fact]
    public void Bounds_rise_with_what_happened_and_fall_with_evidence_that_it_does_not()
    {
        for (var n = 1; n < 400; n += 7)
        {
            Assert.True(DifferenceBound.Upper(n + 7, 0, 0.05) <= DifferenceBound.Upper(n, 0, 0.05));
            for (var s = 0; s < n; s++)
            {
                Assert.True(DifferenceBound.Upper(n, s, 0.05) <= DifferenceBound.Upper(n, s + 1, 0.05));
            }

            Assert.InRange(DifferenceBound.Lower(n, n / 3, 1, 0.05), 0, (double)(n / 3) / n);
        }
    }

    [Fact]
    public void The_bound_comes_near_the_rate() => Assert.InRange(DifferenceBound.Upper(100_000, 5_000, 0.05), 0.05, 0.0535);

    [Theory]
    [InlineData(1)]
    [InlineData(0.2)]
    public void The_mean_of_rates_that_change_is_within_the_bound_at_every_time_at_once(double share)
    {
        const double Alpha = 0.1;
        const int Runs = 300;
        var missed = 0;
        for (ulong run = 0; run < Runs; run++)
        {
            var (sum, happened, isMissed) = (0.0, 0L, false);
            for (var i = 1; i <= 400 && !isMissed; i++)
            {
                // The rate follows what was seen: it is high while nothing has happened, and jumps in between.
                var rate = happened == 0 ? 0.1 : i % 100 < 50 ? 0.02 : 0.3;
                sum += rate;
                happened += CounterRandom.Uniform(run, (ulong)i) < share * rate ? 1 : 0;
                isMissed = i % 5 == 0 && DifferenceBound.Upper(i, happened, share, Alpha) < sum / i;
            }

            missed += isMissed ? 1 : 0;
        }

        Assert.True(missed <= Runs * Alpha, $"{missed} of {Runs} runs left the bound.");
    }

    [Theory]
    [InlineData(-1, 0, 1, 0.05)]
    [InlineData(5, 6, 1, 0.05)]
    [InlineData(5, -1, 1, 0.05)]
    [InlineData(5, 1, 0, 0.05)]
    [InlineData(5, 1, 1.1, 0.05)]
    [InlineData(5, 1, 1, 0)]
    [InlineData(5, 1, 1, double.NaN)]
    public void What_is_no_count_no_share_and_no_probability_is_refused(long count, long happened, double share, double alpha)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DifferenceBound.Upper(count, happened, share, alpha));
        Assert.Throws<ArgumentOutOfRangeException>(() => DifferenceBound.Lower(count, happened, share, alpha));
    }
}
