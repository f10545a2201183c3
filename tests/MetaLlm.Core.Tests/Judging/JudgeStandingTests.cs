using MetaLlm.Core.Judging;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Judging;

public sealed class JudgeStandingTests
{
    private static readonly JudgeTerms Terms = new(Trust: 0.25, ErrorBound: 0.35);

    [Fact]
    public void A_judge_of_which_nothing_is_known_counts_what_it_is_trusted_with()
    {
        var standing = JudgeStanding.Of(null, Terms);
        Assert.Equal((JudgeStatus.Trusted, 0.25, 0.8), (standing.Status, standing.Weight, standing.Map.Apply("a", 0.8)));
    }

    [Fact]
    public void A_good_judge_weighs_more_the_more_is_known_of_it()
    {
        var (few, many) = (JudgeStanding.Of(Report(0.9, 30), Terms), JudgeStanding.Of(Report(0.9, 2000), Terms));
        Assert.Equal((JudgeStatus.Calibrated, JudgeStatus.Calibrated), (few.Status, many.Status));
        Assert.InRange(many.Weight, 0.55, 0.66);
        Assert.True(few.Weight < many.Weight);
    }

    [Fact]
    public void A_useless_judge_has_no_weight_and_is_asked_no_more()
    {
        var asked = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            var standing = JudgeStanding.Of(Report(0.5, 1000, seed), Terms with { ErrorBound = 1 });
            Assert.InRange(standing.Weight, 0, 0.02);
            asked += standing.IsAsked ? 1 : 0;
        }

        // A one-sided bound at 90 % is above 0 by chance in one of ten.
        Assert.InRange(asked, 0, 20);
    }

    [Fact]
    public void A_judge_whose_error_is_above_the_bound_is_switched_off_and_one_below_it_is_not()
    {
        var off = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            off += JudgeStanding.Of(Report(0.66, 1000, seed), Terms).Status == JudgeStatus.OffError ? 1 : 0;
        }

        Assert.InRange(off, 0, 5);
        Assert.Equal(JudgeStatus.OffError, JudgeStanding.Of(Report(0.5, 1000), Terms).Status);
    }

    [Fact]
    public void A_kind_judge_is_brought_down_to_what_people_say()
    {
        var pairs = VerdictMoments.None;
        for (var i = 0; i < 400; i++)
        {
            pairs = pairs.With(i % 2 == 0 ? 1 : 0.8, i % 2 == 0 ? 0.7 : 0.3, 1);
        }

        var map = VerdictMap.Fit(new Dictionary<string, VerdictMoments> { ["a"] = pairs });
        Assert.InRange(map.Apply("a", 1), 0.6, 0.75);
        Assert.InRange(map.Apply("a", 0.8), 0.28, 0.4);
        Assert.True(map.Slope > 1);
    }

    [Fact]
    public void A_model_that_the_judge_favours_is_corrected_by_itself()
    {
        var map = VerdictMap.Fit(new Dictionary<string, VerdictMoments> { ["own"] = Even(300, 0.9, 0.5), ["other"] = Even(300, 0.6, 0.5) });
        Assert.InRange(map.Apply("own", 0.9), 0.48, 0.54);
        Assert.InRange(map.Apply("other", 0.6), 0.46, 0.52);
    }

    [Fact]
    public void A_judge_that_says_the_opposite_of_people_has_a_flat_map_and_no_weight()
    {
        var pairs = VerdictMoments.None.With(0, 1, 1).With(1, 0, 1);
        for (var i = 0; i < 8; i++)
        {
            pairs = pairs.Plus(pairs);
        }

        Assert.Equal(0, VerdictMap.Fit(new Dictionary<string, VerdictMoments> { ["a"] = pairs }).Slope);
        Assert.Equal(0, JudgeStanding.WeightOf(pairs));
    }

    [Fact]
    public void Few_pairs_hardly_move_a_verdict()
    {
        var map = VerdictMap.Fit(new Dictionary<string, VerdictMoments> { ["a"] = VerdictMoments.None.With(0.9, 0, 1) });
        Assert.InRange(map.Apply("a", 0.9), 0.75, 0.9);
    }

    [Fact]
    public void Several_judges_of_one_answer_count_as_much_as_the_best_of_them()
    {
        var (good, useless) = (JudgeStanding.Of(Report(0.95, 2000), Terms with { ErrorBound = 1 }), JudgeStanding.Of(Report(0.5, 2000, 4), Terms with { ErrorBound = 1 }));
        var (reward, weight) = JudgeStanding.Combine("a", [(Verdict(1), good), (Verdict(0), useless)]);
        Assert.Equal(good.Weight, weight);
        Assert.InRange(reward, good.Map.Apply("a", 1) - 0.03, good.Map.Apply("a", 1) + 0.03);
    }

    [Fact]
    public void Verdicts_come_back_as_they_were_written()
    {
        JudgeVerdict[] verdicts = [new("quality", 2, 1.0 / 3, 0.1), new("v.s-x", 1, 0, 1, -1)];
        Assert.Equal(verdicts, JudgeVerdict.Decode(JudgeVerdict.Encode(verdicts)));
        Assert.Equal("judge:quality@2,v.s-x@1", JudgeVerdict.SourceOf(verdicts));
        Assert.Empty(JudgeVerdict.Decode(null));
        Assert.Single(JudgeVerdict.Decode("quality 2 0.5 0.1 - later"));
    }

    [Theory]
    [InlineData("quality")]
    [InlineData("quality 2 1.5 0.1 -")]
    [InlineData("quality 2 0.5 0 -")]
    [InlineData("quality 0 0.5 1 -")]
    [InlineData("qua/lity 1 0.5 1 -")]
    [InlineData("quality 1 0.5 1 3")]
    [InlineData("quality 1 NaN 1 -")]
    public void Damaged_verdicts_are_refused(string text) => Assert.Throws<InvalidDataException>(() => JudgeVerdict.Decode(text));

    [Fact]
    public void Self_preference_is_measured_beside_people()
    {
        var report = new JudgeReport
        {
            Judge = "j", Version = 1,
            Arms = [new("other", VerdictMoments.None, Even(200, 0.6, 0.5)), new("own", VerdictMoments.None, Even(200, 0.9, 0.5))],
        };
        var preference = report.SelfPreference(["own"]);
        Assert.Equal(0.3, preference.Mean, 6);
        Assert.True(preference.Low > 0.1);
        Assert.True(double.IsNaN(report.SelfPreference(["nobody"]).Mean));
    }

    private static JudgeVerdict Verdict(double score) => new("j", 1, score, 1);

    /// <summary>Pairs of the same mean verdict and reward that vary and tell of each other.</summary>
    private static VerdictMoments Even(int count, double verdict, double reward)
    {
        var pairs = VerdictMoments.None;
        for (var i = 0; i < count; i++)
        {
            var sign = i % 2 == 0 ? 1 : -1;
            pairs = pairs.With(verdict + (0.1 * sign), reward + (0.1 * sign), 1);
        }

        return pairs;
    }

    private static JudgeReport Report(double accuracy, int count, ulong seed = 1)
    {
        var (pairs, error) = (VerdictMoments.None, new MetaLlm.Core.Rollout.MeanSequence());
        for (var i = 0; i < count; i++)
        {
            var reward = CounterRandom.Uniform(seed, 2UL * (ulong)i) < 0.5 ? 1 : 0;
            var verdict = CounterRandom.Uniform(seed, (2UL * (ulong)i) + 1) < accuracy ? reward : 1 - reward;
            pairs = pairs.With(verdict, reward, 1);
            error.Observe(Math.Abs(verdict - reward), 0.05);
        }

        return new JudgeReport
        {
            Judge = "j", Version = 1, Arms = [new JudgeArmReport("a", pairs, pairs)], Error = error.Mean, ErrorLow = error.Lower(0.05), ErrorHigh = error.Upper(0.05),
        };
    }
}
