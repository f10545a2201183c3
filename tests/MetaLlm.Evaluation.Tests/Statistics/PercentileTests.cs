using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Tests.Statistics;

public sealed class PercentileTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.25, 17.5)]
    [InlineData(0.5, 25)]
    [InlineData(0.99, 39.7)]
    [InlineData(1, 40)]
    public void Percentiles_interpolate_between_order_statistics(double rank, double expected) =>
        Assert.Equal(expected, Percentile.Of([40, 10, 30, 20], rank)[0], 12);

    [Fact]
    public void A_single_value_is_every_percentile() => Assert.Equal([7.0, 7.0], Percentile.Of([7], 0.01, 0.99));

    [Fact]
    public void An_empty_sample_gives_zeros() => Assert.Equal([0.0, 0.0], Percentile.Of([], 0.5, 0.99));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Ranks_outside_zero_to_one_are_refused(double rank) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.Of([1, 2], rank));
}
