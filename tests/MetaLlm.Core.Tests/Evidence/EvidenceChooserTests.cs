using MetaLlm.Core.Evidence;

namespace MetaLlm.Core.Tests.Evidence;

public sealed class EvidenceChooserTests
{
    private static readonly double[] Even = [0.7, 0.7, 0.7];

    [Fact]
    public void Without_money_nobody_is_asked()
    {
        var chooser = Chooser(0);
        Assert.Empty(Ask(chooser, 1, Even, [0.001, 0.001, 0.001]));
    }

    [Fact]
    public void The_model_that_serves_is_never_asked_and_neither_is_one_that_could_not_serve()
    {
        var chooser = Chooser(100);
        for (var i = 1; i <= 30; i++)
        {
            Assert.Equal([1], Ask(chooser, i, Even, [0.001, 0.001, 0.001], feasible: [true, true, false]));
        }
    }

    [Fact]
    public void A_model_that_is_too_dear_at_the_shadow_price_is_left_alone()
    {
        var chooser = Chooser(1);
        var asked = Enumerable.Range(1, 60).SelectMany(i => Ask(chooser, i, [0.7, 0.75, 0.9], [0.0001, 0.0001, 0.01], lambda: 200)).ToArray();
        Assert.Contains(1, asked);
        Assert.DoesNotContain(2, asked);
    }

    [Fact]
    public void A_model_that_has_shown_that_it_is_far_behind_is_asked_less_than_one_that_contends()
    {
        var chooser = Chooser(0.3);
        var asked = Enumerable.Range(1, 400).SelectMany(i => Ask(chooser, i, [0.8, 0.78, 0.2], [0.001, 0.001, 0.001])).ToArray();
        Assert.True(asked.Count(a => a == 1) > 5 * asked.Count(a => a == 2), $"{asked.Count(a => a == 1)} {asked.Count(a => a == 2)}");
    }

    [Fact]
    public void A_model_that_looks_far_behind_is_given_up_by_what_verdicts_have_said_and_not_by_what_they_are_still_to_say()
    {
        int AskedOf(bool isLate)
        {
            var chooser = Chooser(0.3);
            return Enumerable.Range(1, 200).SelectMany(i => Ask(chooser, i, [0.8, 0.78, 0.5], [0.001, 0.001, 0.001], isLate: isLate)).Count(arm => arm == 2);
        }

        Assert.True(AskedOf(isLate: true) > 1.5 * AskedOf(isLate: false), $"{AskedOf(true)} {AskedOf(false)}");
    }

    [Fact]
    public void A_dear_model_is_asked_less_often_than_a_cheap_one_that_contends_as_much()
    {
        var chooser = Chooser(0.5);
        var asked = Enumerable.Range(1, 300).SelectMany(i => Ask(chooser, i, Even, [0.0001, 0.0005, 0.02])).ToArray();
        var (cheap, dear) = (asked.Count(a => a == 1), asked.Count(a => a == 2));
        Assert.True(cheap > 3 * dear && dear > 3, $"{cheap} {dear}");
        Assert.True(chooser.SpentUsd <= 0.5);
    }

    [Fact]
    public void Answers_of_arms_that_stay_are_remembered_when_another_joins()
    {
        var chooser = Chooser(100);
        for (var i = 1; i <= 20; i++)
        {
            Ask(chooser, i, Even, [0.001, 0.001, 0.001]);
        }

        chooser.SetArms([2, -1, 0, 1]);
        Assert.Equal([20.0, 0, 20, 20], Enumerable.Range(0, 4).Select(chooser.Answers));
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        var chooser = Chooser(1000);
        bool[] feasible = [true, true, true];
        double[] cost = [0.001, 0.002, 0.003];
        var ask = new bool[3];
        void Choose(long ordinal) => chooser.Choose(
            new EvidenceQuery { Ordinal = ordinal, Served = 0, Quality = Even, CostUsd = cost, Feasible = feasible, Lambda = 1 }, ask);
        Choose(1);
        var next = 2L;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var end = next + 200; next < end; next++)
            {
                Choose(next);
            }
        }));
    }

    [Theory]
    [InlineData(-1, 100, "PurseUsd")]
    [InlineData(double.NaN, 100, "PurseUsd")]
    [InlineData(1, 0, "ExpectedRequests")]
    public void Settings_out_of_range_are_refused_by_name(double purse, double requests, string name)
    {
        var error = Assert.Throws<ArgumentException>(() => new EvidenceChooser(new EvidenceSettings { PurseUsd = purse, ExpectedRequests = requests }));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private static EvidenceChooser Chooser(double purse)
    {
        var chooser = new EvidenceChooser(new EvidenceSettings { PurseUsd = purse, ExpectedRequests = 2000 });
        chooser.SetArms([-1, -1, -1]);
        return chooser;
    }

    // The first arm serves; what is asked for is paid, and judged at once where verdicts are not late.
    private static List<int> Ask(EvidenceChooser chooser, long ordinal, double[] quality, double[] cost, double lambda = 0, bool[]? feasible = null, bool isLate = false)
    {
        var ask = new bool[quality.Length];
        chooser.Choose(
            new EvidenceQuery { Ordinal = ordinal, Served = 0, Quality = quality, CostUsd = cost, Feasible = feasible ?? [.. quality.Select(_ => true)], Lambda = lambda }, ask);
        List<int> asked = [.. Enumerable.Range(0, ask.Length).Where(a => ask[a])];
        foreach (var arm in asked)
        {
            chooser.Paid(arm, Math.Min(cost[arm], chooser.LeftUsd), cost[arm]);
            if (!isLate)
            {
                chooser.Told(arm);
            }
        }

        return asked;
    }
}
