using FsCheck;
using FsCheck.Fluent;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tests.Sharing;

public sealed class SharedTallyTests
{
    private static readonly string[] Models = ["m0", "m1", "m2"];
    private static readonly string[] Topics = ["chat", "code"];

    [Fact]
    public void One_decision_changes_all_sums_together_by_one_at_most_whatever_it_was() =>
        Prop.ForAll<int, double, double>((seed, reward, weight) =>
        {
            var (without, with) = (new SharedTally(Models, Topics), new SharedTally(Models, Topics));
            var below = Chance.Seeded((ulong)Math.Abs((long)seed));
            for (var i = 0; i < seed % 200; i++)
            {
                var (model, task, other) = ($"m{below(4)}", Task(below(4)), below(200) / 100.0);
                without.Add(model, task, other);
                with.Add(model, task, other);
            }

            with.Add($"m{below(4)}", Task(below(4)), reward, weight);
            var changed = with.Exact().Zip(without.Exact()).Sum(pair => Math.Abs(pair.First.Good - pair.Second.Good) + Math.Abs(pair.First.Bad - pair.Second.Bad));
            return changed is >= 0 and <= SharedTally.Parts;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(4242UL, 1717UL));

    [Theory]
    [InlineData(-3, 0)]
    [InlineData(0.254, 25)]
    [InlineData(7, 100)]
    [InlineData(double.PositiveInfinity, 100)]
    public void A_reward_is_clipped_and_rounded(double reward, long good)
    {
        var tally = new SharedTally(Models, Topics);
        tally.Add("m1", "code", reward);
        Assert.Equal(new SharedCell("m1", "code", good, 100 - good, 0), Assert.Single(tally.Exact(), cell => cell.Good + cell.Bad > 0));
    }

    [Theory]
    [InlineData(0.4, 30, 10)]
    [InlineData(5, 75, 25)]
    [InlineData(-1, 0, 0)]
    public void A_reward_that_counts_less_adds_less(double weight, long good, long bad)
    {
        var tally = new SharedTally(["m"], []);
        tally.Add("m", null, 0.75, weight);
        Assert.Equal(new SharedCell("m", "", good, bad, 0), Assert.Single(tally.Exact()));
    }

    [Fact]
    public void A_task_that_is_not_pooled_counts_as_none_and_its_name_stays_here()
    {
        var tally = new SharedTally(Models, Topics);
        tally.Add("m0", "the acme deal", 1);
        tally.Add("m0", null, 1);
        tally.Add("m0", "code", double.NaN);
        tally.Add("secret", "code", 1);
        Assert.Equal(new SharedCell("m0", "", 200, 0, 0), Assert.Single(tally.Exact(), cell => cell.Good + cell.Bad > 0));
        Assert.All(tally.Exact(), cell => Assert.Contains(cell.Topic, Topics.Append("")));
    }

    [Fact]
    public void What_leaves_names_every_model_on_every_topic_whether_or_not_anything_was_added()
    {
        var (nothing, much) = (new SharedTally(Models, Topics), new SharedTally(Models, Topics));
        for (var i = 0; i < 50; i++)
        {
            much.Add("m2", "chat", 1);
        }

        var (first, second) = (nothing.Release(1000, Chance.Seeded(1)), much.Release(1000, Chance.Seeded(2)));
        Assert.Equal(first.Select(cell => (cell.Model, cell.Topic, cell.Variance)), second.Select(cell => (cell.Model, cell.Topic, cell.Variance)));
        Assert.Equal(9, first.Count);
        Assert.NotEqual(much.Exact().Select(cell => cell.Good), second.Select(cell => cell.Good));
        Assert.All(first, cell => Assert.True(cell.Good != 0 || cell.Bad != 0));
    }

    private static string? Task(int which) => which switch { 0 => "chat", 1 => "code", 2 => "private", _ => null };
}
