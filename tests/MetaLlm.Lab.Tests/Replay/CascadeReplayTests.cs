using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class CascadeReplayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_constant_confidence_never_escalates_and_a_good_one_gains()
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 1200);

        var constant = await Replay("auc=constant");
        var good = await Replay("auc=0.95");

        Assert.Equal(0, constant.GetProperty("mean").GetProperty("escalated").GetDouble());
        Assert.InRange(constant.GetProperty("gain").GetDouble(), -0.02, 0.02);
        Assert.InRange(good.GetProperty("mean").GetProperty("escalated").GetDouble(), 0.02, 0.6);
        Assert.True(good.GetProperty("gain").GetDouble() > constant.GetProperty("gain").GetDouble() + 0.01, good.ToString());
        Assert.Equal(0.95, good.GetProperty("auc").GetDouble());
    }

    [Theory]
    [InlineData("--cascade auc=1", "--cascade: auc: 1 is not usable; it must be a number from 0.5 to below 1, or constant.")]
    [InlineData("--cascade quality=1", "--cascade: auc=A must be given.")]
    [InlineData("--cascade auc=0.8 --shards 2", "--cascade: it goes with policies of the registry, and not with --batch, --guarantee, --scenario, --shadow-usd or --shards.")]
    public async Task An_unusable_cascade_is_refused_with_what_is_legal(string options, string message)
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 30);

        var run = await CliRun.Of(null, ["replay", "--data", _directory.Path, "--policy", "metallm", "--json", Path.Combine(_directory.Path, "out.json"), .. options.Split(' ')]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> Replay(string cascade) => (await CliRun.Replay(
        _directory.Path, "--policy", "metallm", "--train", "train", "--test", "test", "--price-weight", "30", "--cascade", cascade, "--seeds", "3"))[0];
}
