using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class ReplayReportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_file_has_exactly_the_fields_of_the_contract()
    {
        WriteFourRows();

        var report = (await CliRun.Replay(_directory.Path, "--policy", "random", "--budget", "2", "--seeds", "2"))[0];

        Assert.Equal(
            ["data", "policy", "budget", "priceWeight", "seeds", "queries", "reward", "cost", "utilisation", "worst100", "overspend", "gain", "regret", "shares", "references", "decideMicros", "updateMicros"],
            Fields(report));
        Assert.Equal(["mean", "sd", "ci95"], Fields(report.GetProperty("reward")));
        Assert.Equal(2, report.GetProperty("reward").GetProperty("ci95").GetArrayLength());
        Assert.Equal(["mean", "sd", "ci95"], Fields(report.GetProperty("gain")));
        Assert.Equal(["mean", "sd"], Fields(report.GetProperty("cost")));
        Assert.Equal(["mean", "sd"], Fields(report.GetProperty("regret")));
        Assert.Equal(["cheap", "dear"], Fields(report.GetProperty("shares")));
        Assert.Equal(["random", "cheapest", "bestSingle", "bestPerTask", "staticMixAtRealisedCost", "oracle"], Fields(report.GetProperty("references")));
        Assert.Equal(["reward"], Fields(report.GetProperty("references").GetProperty("staticMixAtRealisedCost")));
        foreach (var point in new[] { "random", "cheapest", "bestSingle", "oracle" })
        {
            Assert.Equal(["reward", "cost"], Fields(report.GetProperty("references").GetProperty(point)));
        }

        foreach (var timing in new[] { "decideMicros", "updateMicros" })
        {
            Assert.Equal(["p50", "p99"], Fields(report.GetProperty(timing)));
            Assert.True(Number(report, timing, "p50") > 0);
            Assert.True(Number(report, timing, "p99") >= Number(report, timing, "p50"));
        }

        Assert.Equal("synthetic", report.GetProperty("data").GetString());
        Assert.Equal(2, report.GetProperty("budget").GetDouble());
        Assert.Equal(0, report.GetProperty("priceWeight").GetDouble());
        Assert.Equal(2, report.GetProperty("seeds").GetInt32());
        Assert.Equal(4, report.GetProperty("queries").GetInt32());
    }

    [Fact]
    public async Task The_oracle_and_the_references_are_what_can_be_computed_by_hand()
    {
        WriteFourRows();

        var report = (await CliRun.Replay(_directory.Path, "--policy", "oracle", "--budget", "2", "--seeds", "3"))[0];

        // Best arms: dear 0.9, cheap 0.6, dear 1, tie -> cheap 0.4; a budget of 2 per request pays for both dear calls.
        Assert.Equal((0.9 + 0.6 + 1 + 0.4) / 4, Number(report, "reward", "mean"), 12);
        Assert.Equal((3 + 1 + 3 + 1) / 4.0, Number(report, "cost", "mean"), 12);
        Assert.Equal(0, Number(report, "reward", "sd"), 12);
        Assert.Equal(0, Number(report, "regret", "mean"), 12);
        Assert.Equal(1, report.GetProperty("utilisation").GetDouble(), 12);
        Assert.Equal(1, report.GetProperty("worst100").GetDouble(), 12);
        Assert.Equal(0.5, Number(report, "shares", "dear"), 12);
        Assert.Equal(0, Number(report, "decideMicros", "p99"));

        var references = report.GetProperty("references");
        // cheap: (0.1 + 0.6 + 0.2 + 0.4) / 4 = 0.325 at 1; dear: (0.9 + 0.5 + 1 + 0.4) / 4 = 0.7 at 3.
        Assert.Equal((0.325 + 0.7) / 2, Number(references, "random", "reward"), 12);
        Assert.Equal(2, Number(references, "random", "cost"), 12);
        Assert.Equal(0.325, Number(references, "cheapest", "reward"), 12);
        Assert.Equal(1, Number(references, "cheapest", "cost"), 12);
        Assert.Equal(0.7, Number(references, "bestSingle", "reward"), 12);
        Assert.Equal(3, Number(references, "bestSingle", "cost"), 12);
        Assert.Equal((0.325 + 0.7) / 2, Number(references, "staticMixAtRealisedCost", "reward"), 12);
        Assert.Equal(0.7, Number(references, "bestPerTask", "reward"), 12);
        Assert.Equal(0.725 - ((0.325 + 0.7) / 2), Number(report, "gain", "mean"), 12);
        Assert.Equal(0.725, Number(references, "oracle", "reward"), 12);
        Assert.Equal(2, Number(references, "oracle", "cost"), 12);
    }

    [Fact]
    public async Task There_is_one_object_per_policy_and_trade_off()
    {
        WriteFourRows();

        var reports = await CliRun.Replay(
            _directory.Path, "--policy", "random,oracle", "--budget", "1", "--budget", "3", "--price-weight", "0.2", "--seeds", "1");

        Assert.Equal(
            ["random 1 0", "random 3 0", "random null 0.2", "oracle 1 0", "oracle 3 0", "oracle null 0.2"],
            reports.EnumerateArray().Select(r => $"{r.GetProperty("policy").GetString()} {r.GetProperty("budget").GetRawText()} {r.GetProperty("priceWeight").GetRawText()}"));
    }

    [Fact]
    public async Task Without_a_budget_what_relates_to_it_is_null()
    {
        WriteFourRows();

        var report = (await CliRun.Replay(_directory.Path, "--policy", "random"))[0];

        Assert.Equal(5, report.GetProperty("seeds").GetInt32());
        foreach (var field in new[] { "budget", "utilisation", "worst100", "overspend" })
        {
            Assert.Equal(JsonValueKind.Null, report.GetProperty(field).ValueKind);
        }
    }

    [Fact]
    public async Task The_worst_window_is_the_dearest_hundred_requests_in_a_row()
    {
        SyntheticData.WriteMeta(_directory.Path, ["only"]);
        // 150 calls at 1 USD, then 150 at 3, then 150 at 2.
        SyntheticData.WriteRows(_directory.Path, Enumerable.Range(0, 450).Select(i => SyntheticData.Row($"{i}", [1], [i < 150 ? 1 : i < 300 ? 3 : 2])));

        var report = (await CliRun.Replay(_directory.Path, "--policy", "oracle", "--budget", "2", "--order", "recorded", "--seeds", "1"))[0];

        Assert.Equal(1.5, report.GetProperty("worst100").GetDouble(), 12);
        // 150 requests under by 1 USD, then 150 over by 1 USD: never ahead of the budget.
        Assert.Equal(0, report.GetProperty("overspend").GetDouble(), 12);
        Assert.Equal(1, report.GetProperty("utilisation").GetDouble(), 12);
    }

    [Fact]
    public async Task The_table_is_plain_text_when_nobody_watches()
    {
        WriteFourRows();

        var run = await CliRun.Of(null, "replay", "--data", _directory.Path, "--policy", "oracle", "--json", _directory.File("out.json"));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("synthetic: 4 scored requests, 2 arms, 5 seeds", run.Output, StringComparison.Ordinal);
        Assert.Contains("oracle", run.Output, StringComparison.Ordinal);
        Assert.Contains("0.7250", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.All(run.Output, c => Assert.True(c < 128));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_file_replaces_an_older_one_and_leaves_nothing_beside_it()
    {
        WriteFourRows();
        var file = _directory.File("out.json");
        await File.WriteAllTextAsync(file, "old");

        var run = await CliRun.Of(null, "replay", "--data", _directory.Path, "--policy", "oracle", "--json", file);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("[", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Equal(["data.jsonl", "meta.json", "out.json"], Directory.GetFileSystemEntries(_directory.Path).Select(Path.GetFileName).Order());
    }

    private void WriteFourRows()
    {
        SyntheticData.WriteMeta(_directory.Path, ["cheap", "dear"]);
        SyntheticData.WriteRows(_directory.Path,
        [
            SyntheticData.Row("1", [0.1, 0.9], [1, 3]),
            SyntheticData.Row("2", [0.6, 0.5], [1, 3]),
            SyntheticData.Row("3", [0.2, 1], [1, 3]),
            SyntheticData.Row("4", [0.4, 0.4], [1, 3]),
        ]);
    }

    private static IEnumerable<string> Fields(JsonElement element) => element.EnumerateObject().Select(p => p.Name);

    private static double Number(JsonElement element, string outer, string inner) => element.GetProperty(outer).GetProperty(inner).GetDouble();
}
