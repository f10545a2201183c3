using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class GuaranteeReplayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_guarantee_is_kept_saves_money_and_is_the_same_twice()
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 1500);

        var first = await Replay("reference=large,difference=0.25");
        var second = await Replay("reference=large,difference=0.25");

        Assert.Equal(first, second);
        using var document = JsonDocument.Parse(first);
        var report = document.RootElement;
        Assert.Equal(0, report.GetProperty("violations").GetInt32());
        Assert.Equal(0, report.GetProperty("certificateMisses").GetInt32());
        Assert.InRange(report.GetProperty("differing").GetDouble(), 0.01, 0.25);
        Assert.InRange(report.GetProperty("costShare").GetDouble(), report.GetProperty("hindsightCostShare").GetDouble(), 0.9);
        Assert.True(report.GetProperty("lateCostShare").GetDouble() < report.GetProperty("costShare").GetDouble());
        Assert.Equal(1500, report.GetProperty("certificate").GetProperty("total").GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task With_candidates_that_always_differ_the_reference_serves_and_the_purse_is_kept()
    {
        SyntheticData.WriteMeta(_directory.Path, ["small", "large"]);
        SyntheticData.WriteRows(_directory.Path, Enumerable.Range(0, 600).Select(i => SyntheticData.Row($"{i}", [0, 1], [0.001, 0.01])));

        using var document = JsonDocument.Parse(await Replay("reference=large,difference=0.05,purse=0.02"));

        Assert.InRange(document.RootElement.GetProperty("costShare").GetDouble(), 0.93, 1.02);
        Assert.InRange(document.RootElement.GetProperty("differing").GetDouble(), 0, 0.05);
    }

    [Theory]
    [InlineData("difference=0.05", "--guarantee: reference=MODEL must be given.")]
    [InlineData("reference=zebra", "--guarantee: reference zebra must be one of at least two models in play; they are small, medium, large.")]
    [InlineData("reference=large,difference=1", "--guarantee: difference is 1; it must be above 0 and below 1.")]
    [InlineData("reference=large,audit=0.6", "--guarantee: audit is 0.6; it must be above 0 and at most 0.5.")]
    [InlineData("reference=large,confidence=much", "--guarantee: confidence: much is not usable")]
    [InlineData("reference=large,differs=never", "--guarantee: differs: never is not usable; it must be one of score, lower.")]
    [InlineData("reference=large,margin=2", "--guarantee: margin: 2 is not usable; it must be a number from 0 to 1.")]
    [InlineData("reference=large,colour=red", "--guarantee: colour=red is not usable; it must be name=value, each name once, with a name out of reference, difference,")]
    [InlineData("reference=large,reference=small", "--guarantee: reference=small is not usable")]
    public async Task An_unusable_guarantee_is_refused_with_what_is_legal(string guarantee, string message)
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 30);

        var run = await CliRun.Of(null, "replay", "--data", _directory.Path, "--guarantee", guarantee, "--json", Path.Combine(_directory.Path, "out.json"));

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--policy random --guarantee reference=large")]
    public async Task Either_policies_or_a_guarantee_are_played(string options)
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 30);

        var run = await CliRun.Of(
            null, ["replay", "--data", _directory.Path, "--json", Path.Combine(_directory.Path, "out.json"), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("--policy: it must be given, unless --guarantee is; then it must not.", run.Error, StringComparison.Ordinal);
    }

    private async Task<string> Replay(string guarantee)
    {
        var file = Path.Combine(_directory.Path, $"{Guid.NewGuid():N}.json");
        var run = await CliRun.Of(null, "replay", "--data", _directory.Path, "--guarantee", guarantee, "--seeds", "3", "--json", file);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("times cheaper", run.Output, StringComparison.Ordinal);
        return await File.ReadAllTextAsync(file);
    }
}
