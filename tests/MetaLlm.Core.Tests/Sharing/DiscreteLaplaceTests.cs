using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tests.Sharing;

public sealed class DiscreteLaplaceTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(4000)]
    public void Noise_has_the_variance_that_epsilon_asks_for_and_no_bias(int epsilonThousandths)
    {
        const int Draws = 200_000;
        var below = Chance.Seeded(7);
        double sum = 0, squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            double y = DiscreteLaplace.Draw(epsilonThousandths, below);
            (sum, squares) = (sum + y, squares + (y * y));
        }

        var variance = DiscreteLaplace.Variance(epsilonThousandths);

        // About the variance of Laplace noise of scale 100 / epsilon. The fourth moment of Laplace noise is 6 times its squared variance.
        Assert.Equal(2 * Math.Pow(100_000.0 / epsilonThousandths, 2), variance, variance * 0.001);
        Assert.Equal(variance, squares / Draws, 4 * variance * Math.Sqrt(5.0 / Draws));
        Assert.InRange(sum / Draws, -4 * Math.Sqrt(variance / Draws), 4 * Math.Sqrt(variance / Draws));
    }

    [Fact]
    public void Every_value_is_as_likely_as_the_formula_says()
    {
        // With an epsilon of 50 a part is worth exp(-1/2), so that single values are frequent enough to be counted.
        const int Draws = 200_000, Epsilon = 50_000;
        var below = Chance.Seeded(11);
        var counts = new Dictionary<long, int>();
        for (var i = 0; i < Draws; i++)
        {
            var y = DiscreteLaplace.Draw(Epsilon, below);
            counts[y] = counts.GetValueOrDefault(y) + 1;
        }

        var a = Math.Exp(-0.5);
        for (var y = -6; y <= 6; y++)
        {
            var p = (1 - a) / (1 + a) * Math.Pow(a, Math.Abs(y));
            Assert.InRange(counts[y] / (double)Draws, p - (4 * Math.Sqrt(p / Draws)), p + (4 * Math.Sqrt(p / Draws)));
        }
    }

    [Fact]
    public void One_decision_makes_no_outcome_likelier_than_e_to_the_power_of_epsilon()
    {
        // The sums of 100 parts that one decision adds, against none: what was drawn is counted in bins, whose frequencies may differ by e^epsilon.
        const int Draws = 200_000, Bin = 50;
        var below = Chance.Seeded(13);
        Dictionary<long, double> Histogram(int parts)
        {
            var counts = new Dictionary<long, double>();
            for (var i = 0; i < Draws; i++)
            {
                var bin = (long)Math.Floor((parts + DiscreteLaplace.Draw(1000, below)) / (double)Bin);
                counts[bin] = counts.GetValueOrDefault(bin) + 1;
            }

            return counts;
        }

        var (without, with) = (Histogram(0), Histogram(100));
        var seen = 0;
        foreach (var bin in without.Keys.Where(bin => without[bin] > 2000 && with.GetValueOrDefault(bin) > 2000))
        {
            var ratio = Math.Log(with[bin] / without[bin]);
            Assert.InRange(ratio, -1.1, 1.1);
            seen++;
        }

        Assert.True(seen > 5);
    }
}
