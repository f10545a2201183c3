using MetaLlm.Core.Judging;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Judging;

public sealed class VerdictSamplerTests
{
    [Fact]
    public void Uncertain_answers_that_could_change_the_choice_are_taken_more_often()
    {
        var sampler = new VerdictSampler();
        for (var i = 0; i < 200; i++)
        {
            sampler.Inclusion(Decision(i % 2 == 0 ? 0.2 : 0.02, gap: 0.05), 0.1);
        }

        var (vague, sure) = (sampler.Inclusion(Decision(0.2, gap: 0.05), 0.1), sampler.Inclusion(Decision(0.02, gap: 0.05), 0.1));
        Assert.True(vague > 2 * sure, $"{vague} beside {sure}");
        Assert.True(VerdictSampler.UseOf(Decision(0.1, gap: 0)) > VerdictSampler.UseOf(Decision(0.1, gap: 0.5)));
    }

    [Fact]
    public void Every_answer_may_be_taken_and_the_share_is_kept_on_the_whole()
    {
        var sampler = new VerdictSampler();
        var sum = 0.0;
        for (var i = 0; i < 2000; i++)
        {
            var deviation = CounterRandom.Uniform(1, (ulong)i);
            var inclusion = sampler.Inclusion(Decision(deviation, gap: 0.1), 0.2);
            Assert.InRange(inclusion, 0.2 / 4, 0.2 * 4);
            sum += inclusion;
        }

        Assert.InRange(sum / 2000, 0.17, 0.23);
    }

    [Fact]
    public void A_decision_that_tells_nothing_is_taken_at_the_least_share()
    {
        var sampler = new VerdictSampler();
        sampler.Inclusion(Decision(0.1, 0.1), 0.4);
        Assert.Equal(0.4 * (1 - (0.6 * 0.75)), sampler.Inclusion(Decision(0, 0.1), 0.4), 12);
        Assert.Equal(1, sampler.Inclusion(Decision(100, 0), 0.9));
        Assert.Equal(1, sampler.Inclusion(Decision(0, 0), 1));
    }

    [Fact]
    public void Whether_an_answer_is_taken_depends_on_its_id_alone_and_as_often_as_is_said()
    {
        var taken = Enumerable.Range(0, 4000).Count(i => VerdictSampler.Takes($"d-{i}", 0.3));
        Assert.InRange(taken / 4000.0, 0.27, 0.33);
        Assert.Equal(VerdictSampler.Takes("d-1", 0.3), VerdictSampler.Takes("d-1", 0.3));
        Assert.False(VerdictSampler.Takes("d-1", 0));
    }

    /// <summary>Answers that are taken unevenly, by what is predicted of them, still give the mean over all.</summary>
    [Fact]
    public void Means_over_what_was_taken_are_those_of_all()
    {
        var (moments, sampler, all) = (VerdictMoments.None, new VerdictSampler(), 0.0);
        for (var i = 0; i < 20_000; i++)
        {
            var deviation = 0.02 + (0.3 * CounterRandom.Uniform(5, (ulong)i));
            var verdict = deviation > 0.15 ? 0.2 : 0.9;
            all += verdict / 20_000;
            var inclusion = sampler.Inclusion(Decision(deviation, 0.1), 0.2);
            moments = VerdictSampler.Takes($"d-{i}", inclusion) ? moments.With(verdict, 0, inclusion) : moments;
        }

        Assert.Equal(all, moments.MeanVerdict, 0.02);
    }

    private static readonly DecisionRecord Any = new Log(new TenantConfiguration { Arms = [Log.Arm("a", 0.001), Log.Arm("b", 0.001)], Policy = "linucb" }).Decide(Log.Query(1));

    private static DecisionRecord Decision(double deviation, double gap) => Any with
    {
        ChosenArm = "a",
        Arms = [new ArmAssessment("a", 0.5, deviation, 0, 0, 0.5, 1, null), new ArmAssessment("b", 0.5, 0.1, 0, 0, 0.5 - gap, 0, null)],
    };
}
