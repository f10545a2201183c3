using System.Text.Json;
using MetaLlm.Lab.Evaluate;
using MetaLlm.Lab.Evaluate.Data;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Evaluate;

public sealed class EvaluateBadInputTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--suite: huge is not usable; it must be one of quick, full", "--suite", "huge")]
    [InlineData("--limit: 10 is not usable; it must be a whole number from 90", "--suite", "quick", "--limit", "10")]
    [InlineData("--budget: 0 is not usable; it must be a finite number of USD above 0", "--suite", "quick", "--budget", "0")]
    [InlineData("--part: everything is not usable; it must be one of scenarios", "--suite", "quick", "--part", "everything")]
    [InlineData("--policy: metallm is not usable; it must be one of", "--suite", "quick", "--policy", "metallm")]
    [InlineData("--only-data: it needs --data", "--suite", "quick", "--only-data")]
    [InlineData("--data: there is no directory /nowhere", "--suite", "quick", "--data", "/nowhere")]
    public async Task What_cannot_be_run_is_refused_before_any_work(string message, params string[] arguments)
    {
        var run = await CliRun.Of(null, ["evaluate", "--json", _directory.File("a.json"), "--html", _directory.File("a.html"), .. arguments]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task A_battery_can_be_narrowed()
    {
        SyntheticData.WriteMeta(_directory.Path, ["cheap", "dear"]);
        SyntheticData.WriteRows(_directory.Path, Enumerable.Range(0, 120).Select(i => SyntheticData.Row($"{i}", [i % 2, 1], [0.001, 0.01])));
        using var output = new TemporaryDirectory();
        var run = await CliRun.Of(
            new TaggedEmbedder(), "evaluate", "--suite", "full", "--data", _directory.Path, "--only-data", "--policy", "oracle", "--part", "none", "--seeds", "2",
            "--budget", "0.005", "--json", output.File("out.json"), "--html", output.File("out.html"));

        Assert.True(run.ExitCode == 0, run.Error);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(output.File("out.json")));
        var set = Assert.Single(report.RootElement.GetProperty("sets").EnumerateArray());
        var points = set.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("report")).ToArray();
        Assert.Equal(["metallm", "oracle"], points.Select(r => r.GetProperty("policy").GetString()).Distinct().Order());
        Assert.Equal(["0.005", "null"], points.Select(r => r.GetProperty("budget").GetRawText()).Distinct().Order());
        foreach (var part in EvaluationPart.All)
        {
            Assert.Equal(0, set.GetProperty(part).GetArrayLength());
        }
    }

    [Fact]
    public void A_directory_is_a_data_set_or_holds_some()
    {
        Assert.Throws<BadInputException>(() => DatasetFolder.Read(_directory.Path).ToArray());
        foreach (var name in new[] { "b", "a" })
        {
            Directory.CreateDirectory(_directory.File(name));
            SyntheticData.WriteMeta(_directory.File(name), ["only"]);
            SyntheticData.WriteRows(_directory.File(name), [SyntheticData.Row(name, [1], [1])]);
        }

        Assert.Equal(["a", "b"], DatasetFolder.Read(_directory.Path).Select(d => d.Rows[0].QueryId));
        Assert.Equal(["b"], DatasetFolder.Read(_directory.File("b")).Select(d => d.Rows[0].QueryId));
    }

    [Fact]
    public void Budgets_lie_log_spaced_between_the_cheapest_and_the_best_arm()
    {
        SyntheticData.WriteMeta(_directory.Path, ["cheap", "best", "more expensive and worse"]);
        SyntheticData.WriteRows(_directory.Path, [SyntheticData.Row("1", [0.1, 0.9, 0.5], [0.001, 0.1, 7])]);
        var dataset = ReplayDatasetReader.Read(_directory.Path, null);

        Assert.Equal([0.01], Budgets.Of(dataset, 1));
        Assert.Equal([0.00316, 0.01, 0.0316], Budgets.Of(dataset, 3).Select(b => Math.Round(b, 9)));
    }

    [Fact]
    public void Splits_to_train_and_test_are_no_phases()
    {
        ReplayDataset Parts(params string[] splits)
        {
            SyntheticData.WriteMeta(_directory.Path, ["only"]);
            SyntheticData.WriteRows(_directory.Path, splits.Select((s, i) => SyntheticData.Row($"{i}", [1], [1], s)));
            return ReplayDatasetReader.Read(_directory.Path, null);
        }

        Assert.True(DatasetFolder.HasSplits(Parts("train", "test")));
        Assert.False(DatasetFolder.HasPhases(Parts("train", "test")));
        Assert.True(DatasetFolder.HasPhases(Parts("2023-03", "2023-06")));
        Assert.False(DatasetFolder.HasSplits(Parts("2023-03", "2023-06")));
        Assert.False(DatasetFolder.HasPhases(Parts("val", "test")));
    }
}
