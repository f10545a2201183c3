using MetaLlm.Core.Judging;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Judging;

public sealed class PredictionPoweredTests
{
    [Fact]
    public void With_even_weights_the_estimate_is_that_of_the_published_formulas()
    {
        // y and f of five pairs, f of four more; computed apart, with sample variances.
        var labelled = Pairs((1, 0.9), (0, 0.2), (1, 0.6), (0, 0.4), (1, 0.8));
        var unlabelled = Pairs((0, 0.5), (0, 0.7), (0, 0.3), (0, 0.9));
        var plain = PredictionPowered.Mean(labelled, unlabelled, factor: 1);
        Assert.Equal(0.6 + 0.6 - 0.58, plain.Mean, 12);

        // Cov(y, f) / n = 0.14 / 5, Var(f) / n = 0.082 / 5, Var(f') / N = (0.2 / 3) / 4.
        var powered = PredictionPowered.Mean(labelled, unlabelled);
        Assert.Equal(Math.Min(1, 0.028 / (0.0164 + (0.2 / 12))), powered.Factor, 10);
        Assert.Equal(0.6 + (powered.Factor * (0.6 - 0.58)), powered.Mean, 10);
    }

    [Fact]
    public void Without_verdicts_on_other_answers_the_estimate_is_that_of_people()
    {
        var labelled = Pairs((1, 0.1), (0, 0.2), (1, 0.6));
        var estimate = PredictionPowered.Mean(labelled, VerdictMoments.None);
        Assert.Equal((2.0 / 3, 0.0), (estimate.Mean, estimate.Factor));
    }

    [Fact]
    public void Without_people_nothing_is_claimed()
    {
        var estimate = PredictionPowered.Mean(VerdictMoments.None, Pairs((0, 0.5), (0, 0.7)));
        Assert.True(double.IsNaN(estimate.Mean));
        Assert.Equal((0.0, 1.0), (estimate.Low, estimate.High));
    }

    [Theory]
    [InlineData(-0.1, 1)]
    [InlineData(1.1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.5, 0)]
    [InlineData(0.5, 1.5)]
    [InlineData(0.5, double.NaN)]
    public void Numbers_out_of_range_are_refused(double verdict, double inclusion) =>
        Assert.Throws<ArgumentException>(() => VerdictMoments.None.With(verdict, 0, inclusion));

    [Fact]
    public void Moments_do_not_depend_on_how_they_were_put_together()
    {
        var (a, b) = (Pairs((1, 0.3), (0, 0.1)), Pairs((1, 0.9)));
        var whole = Pairs((1, 0.3), (0, 0.1), (1, 0.9));
        Assert.Equal(whole.MeanReward, a.Plus(b).MeanReward, 12);
        Assert.Equal(whole.MeanVerdict, a.Plus(b).MeanVerdict, 12);
        Assert.Equal(0.9, whole.Minus(a).MeanVerdict, 12);
        Assert.Same(VerdictMoments.None, a.Minus(a));
    }

    [Theory]
    [InlineData(0.95, 3, 3.182)]
    [InlineData(0.95, 10, 2.228)]
    [InlineData(0.9, 30, 1.697)]
    [InlineData(0.95, 1e9, 1.95996)]
    public void Quantiles_are_those_of_tables(double confidence, double freedom, double table) =>
        Assert.Equal(table, PredictionPowered.Quantile(confidence, freedom), 0.01 * table);

    /// <summary>A judge with errors of its own, answers taken with different probabilities: the interval covers the people's mean, and is narrower than theirs alone where the judge is good.</summary>
    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.7, true)]
    [InlineData(0.5, false)]
    public void Intervals_cover_whatever_the_judge_is_worth(double accuracy, bool isOfUse)
    {
        const int Runs = 600;
        const double Mean = 0.7;
        var (covered, width, widthOfPeople) = (0, 0.0, 0.0);
        for (ulong run = 0; run < Runs; run++)
        {
            var (labelled, unlabelled, draw) = (VerdictMoments.None, VerdictMoments.None, 0UL);
            double Next() => CounterRandom.Uniform(run, draw++);
            for (var i = 0; i < 500; i++)
            {
                var hard = Next() < 0.5;
                var inclusion = hard ? 0.6 : 0.2;
                var reward = Next() < (hard ? Mean - 0.2 : Mean + 0.2) ? 1 : 0;
                var verdict = Next() < accuracy ? reward : 1 - reward;
                var (taken, spoken) = (Next() < inclusion, Next() < 0.3);
                if (taken)
                {
                    (labelled, unlabelled) = spoken ? (labelled.With(verdict, reward, inclusion), unlabelled) : (labelled, unlabelled.With(verdict, 0, inclusion));
                }
            }

            var powered = PredictionPowered.Mean(labelled, unlabelled);
            covered += powered.Low <= Mean && powered.High >= Mean ? 1 : 0;
            width += powered.HalfWidth;
            widthOfPeople += PredictionPowered.Mean(labelled, unlabelled, factor: 0).HalfWidth;
        }

        // Three standard errors of a share of 600 below 95 %.
        Assert.InRange(covered / (double)Runs, 0.923, 1);
        Assert.True(isOfUse ? width < 0.97 * widthOfPeople : width < 1.02 * widthOfPeople, $"{width} beside {widthOfPeople}");
    }

    private static VerdictMoments Pairs(params (double Reward, double Verdict)[] pairs) =>
        pairs.Aggregate(VerdictMoments.None, (sum, pair) => sum.With(pair.Verdict, pair.Reward, 1));
}
