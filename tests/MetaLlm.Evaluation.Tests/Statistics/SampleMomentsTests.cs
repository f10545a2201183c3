using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Tests.Statistics;

public sealed class SampleMomentsTests
{
    [Fact]
    public void The_deviation_has_one_degree_of_freedom_less_than_values()
    {
        // Squared deviations from 5 are 9, 1, 1, 1, 0, 0, 4, 16: 32 / 7.
        var moments = SampleMoments.Of([2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal(5, moments.Mean, 12);
        Assert.Equal(Math.Sqrt(32.0 / 7), moments.StandardDeviation, 12);
    }

    [Fact]
    public void A_single_value_has_no_spread() => Assert.Equal(new SampleMoments(3, 0), SampleMoments.Of([3]));

    [Fact]
    public void An_empty_sample_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => SampleMoments.Of([]));
}
