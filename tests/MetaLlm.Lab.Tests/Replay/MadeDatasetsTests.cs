using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Made;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class MadeDatasetsTests
{
    private static readonly ReplayDataset Made = MadeDatasets.Open("made:languages", null, null);

    [Fact]
    public void It_is_always_the_same_and_has_three_seasons()
    {
        var again = MadeDatasets.Open("made:languages", null, null);
        Assert.Equal(Made.Rows.Select(r => (r.Text, Scores: string.Join(' ', r.Score))), again.Rows.Select(r => (r.Text, Scores: string.Join(' ', r.Score))));
        Assert.Equal(["before", "spring", "autumn"], Made.Splits);
        Assert.Equal(Made.Rows.Count, Made.Rows.Select(r => r.QueryId).Distinct().Count());
        Assert.All(Made.Rows, row => Assert.Null(row.Task));
    }

    [Fact]
    public void Nobody_asks_of_what_has_not_happened_and_only_who_knows_of_it_answers()
    {
        var news = Made.Rows.Where(r => r.Text.Contains("Talvan", StringComparison.Ordinal) || r.Text.Contains("Meridian", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(news, row => row.Split == "before");
        Assert.DoesNotContain(news, row => row.Split == "spring" && row.Text.Contains("Meridian", StringComparison.Ordinal));
        Assert.InRange(news.Count, 850, 1150);
        Assert.InRange(news.Average(row => row.Score[0]), 0.05, 0.15);
        Assert.InRange(news.Average(row => row.Score[^1]), 0.75, 0.9);
    }

    [Theory]
    [InlineData("made:colours", "languages")]
    [InlineData("made:", "languages")]
    public void What_is_not_made_here_is_refused_with_what_is(string source, string named) =>
        Assert.Contains(named, Assert.Throws<BadInputException>(() => MadeDatasets.Open(source, null, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void It_is_played_whole() =>
        Assert.Contains("--arms", Assert.Throws<BadInputException>(() => MadeDatasets.Open("made:languages", ["world-large"], null)).Message, StringComparison.Ordinal);

    // Without an embedding nothing but the language says which model speaks it.
    [Fact]
    public async Task Looking_at_languages_pays_where_there_is_no_embedding()
    {
        var blind = await RewardAsync(ContextParts.Structural);
        var seeing = await RewardAsync(ContextParts.Structural | ContextParts.Language);
        Assert.True(seeing > blind + 0.005, $"{seeing} with languages, {blind} without.");
    }

    private static async Task<double> RewardAsync(ContextParts parts)
    {
        var options = new ReplayOptions { DataDirectory = "made:languages", JsonFile = "", Policies = ["metallm-cold"], Features = parts };
        var features = await FeatureTable.CreateAsync(Made, parts, null!, CancellationToken.None);
        var world = Scenarios.Build(Made, Scenarios.PhaseSwap, null);
        var player = new PolicyPlayer(world, features, options);
        var planner = new StreamPlanner(Made, options);
        return Enumerable.Range(1, 3).Average(seed => player.Play("metallm-cold", new TradeOff(0.001, 0), planner.Plan(seed), seed, CancellationToken.None).Rewards.Average());
    }
}
