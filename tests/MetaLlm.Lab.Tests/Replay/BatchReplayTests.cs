using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class BatchReplayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public BatchReplayTests() => SyntheticData.WriteLearnableWorld(_directory.Path, 900);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_batch_beats_the_static_mix_within_its_budget_and_keeps_its_promise()
    {
        var report = (await CliRun.Replay(
            _directory.Path, "--batch", "--policy", "metallm", "--train", "train", "--test", "test", "--budget", "0.003", "--seeds", "3"))[0];
        Assert.True(Mean(report, "overMix") > 0.03, report.GetRawText());
        Assert.InRange(report.GetProperty("worstOverspend").GetDouble(), -1, 0.02);
        Assert.Equal(Mean(report, "reward"), Mean(report, "promised"), 0.06);
        Assert.True(Mean(report, "shuffledOverMix") < Mean(report, "overMix") - 0.03, report.GetRawText());
        Assert.True(Mean(report, "overOnline") > -0.03, report.GetRawText());
    }

    [Theory]
    [InlineData("--batch: it needs --budget", "--batch", "--train", "train")]
    [InlineData("--batch: it needs --train", "--batch", "--budget", "0.003")]
    [InlineData("do not go with it", "--batch", "--budget", "0.003", "--train", "train", "--burn-in", "val")]
    [InlineData("--caution: it needs --batch", "--caution", "1")]
    [InlineData("--caution: -1 is not usable", "--batch", "--budget", "0.003", "--train", "train", "--caution", "-1")]
    public async Task Options_that_do_not_go_together_are_named(string message, params string[] options)
    {
        var json = Path.Combine(_directory.Path, "report.json");
        var run = await CliRun.Of(null, ["replay", "--data", _directory.Path, "--json", json, "--policy", "metallm", "--features", "structural", .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(json));
    }

    private static double Mean(JsonElement report, string member) => report.GetProperty(member).GetProperty("mean").GetDouble();
}
