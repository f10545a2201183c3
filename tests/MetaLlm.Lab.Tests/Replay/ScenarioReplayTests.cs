using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

/// <summary>Scenarios from the command line to the report, on a world with something to learn.</summary>
public sealed class ScenarioReplayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ScenarioReplayTests() => SyntheticData.WriteLearnableWorld(_directory.Path, 1800);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_price_cut_is_used_while_it_lasts()
    {
        var scenario = await Play("price-cut");

        var shares = Phases(scenario).Select(p => p.GetProperty("shares").GetProperty("large").GetDouble()).ToArray();
        Assert.True(shares[1] > shares[0] + 0.2, $"{shares[0]} {shares[1]}");
        Assert.True(shares[2] < shares[1] - 0.2, $"{shares[1]} {shares[2]}");
        Assert.True(Phase(scenario, 1).GetProperty("liftOverFirstPhase").GetProperty("mean").GetDouble() > 0.02);
        Assert.Equal("large", scenario.GetProperty("arm").GetString());
    }

    [Fact]
    public async Task An_arm_that_is_down_gets_nothing_and_its_traffic_back_afterwards()
    {
        var scenario = await Play("outage", "--scenario-arm", "large");

        var shares = Phases(scenario).Select(p => p.GetProperty("shares").GetProperty("large").GetDouble()).ToArray();
        Assert.Equal(0, shares[1]);
        Assert.True(shares[0] > 0 && shares[2] > 0);
    }

    [Fact]
    public async Task A_removed_arm_is_not_chosen_again()
    {
        var scenario = await Play("remove", "--scenario-arm", "small");

        Assert.Equal(["small", "medium", "large"], Phase(scenario, 0).GetProperty("shares").EnumerateObject().Select(s => s.Name));
        Assert.Equal(["medium", "large"], Phase(scenario, 2).GetProperty("shares").EnumerateObject().Select(s => s.Name));
        Assert.All(
            scenario.GetProperty("curves").GetProperty("shares").GetProperty("small").EnumerateArray().Skip(25),
            share => Assert.Equal(0, share.GetDouble()));
    }

    [Fact]
    public async Task A_good_cheap_arm_is_adopted_and_a_bad_one_is_rejected()
    {
        var good = (await Play("add-good-cheap")).GetProperty("adoption");
        var bad = (await Play("add-bad")).GetProperty("adoption");

        Assert.Equal(3, good.GetProperty("adopted").GetInt32());
        Assert.InRange(good.GetProperty("lastStep").GetInt32(), 50, 400);
        Assert.Equal(3, bad.GetProperty("rejected").GetInt32());
        Assert.Equal(JsonValueKind.Null, bad.GetProperty("medianStep").ValueKind);
    }

    [Fact]
    public async Task A_silent_regression_costs_reward_and_the_phases_say_so()
    {
        var scenario = await Play("silent-regression", "--scenario-arm", "large");

        Assert.True(Phase(scenario, 1).GetProperty("liftOverFirstPhase").GetProperty("mean").GetDouble() < 0);
        Assert.Equal(200, Phase(scenario, 1).GetProperty("queries").GetInt32());
        Assert.Equal(100, Phase(scenario, 1).GetProperty("settled").GetProperty("after").GetInt32());
    }

    [Theory]
    [InlineData("add-good-cheap", 3)]
    [InlineData("add-bad", 0)]
    public async Task An_arm_that_joins_with_a_quiz_is_judged_by_it(string scenario, int adopted)
    {
        var quizzed = await Play(scenario, "--quiz", "30");
        var tried = await Play(scenario);

        Assert.Equal(adopted, quizzed.GetProperty("adoption").GetProperty("adopted").GetInt32());
        Assert.NotEqual(Phase(tried, 1).GetProperty("cost").GetRawText(), Phase(quizzed, 1).GetProperty("cost").GetRawText());
        Assert.Equal(Phase(tried, 0).GetProperty("cost").GetRawText(), Phase(quizzed, 0).GetProperty("cost").GetRawText());
    }

    [Fact]
    public async Task A_page_with_plots_is_written_beside_the_report()
    {
        var html = _directory.File("page.html");

        await Play("price-cut", "--html", html);

        var page = await File.ReadAllTextAsync(html);
        Assert.Contains("price-cut", page, StringComparison.Ordinal);
        Assert.Contains("\"plots\":[{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/*DATA*/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scenario: quake is not usable", "--scenario", "quake")]
    [InlineData("--scenario-arm: there is no arm huge", "--scenario", "outage", "--scenario-arm", "huge")]
    [InlineData("--scenario-arm: it needs --scenario", "--scenario-arm", "large")]
    [InlineData("--quiz: it needs a --scenario in which an arm joins", "--scenario", "outage", "--quiz", "5")]
    [InlineData("--quiz: 501 is not usable", "--scenario", "add-bad", "--quiz", "501")]
    [InlineData("--quiz: 20 rows are asked for; --train, or else --burn-in, leaves 0", "--scenario", "add-bad", "--quiz", "20")]
    [InlineData("phase-swap plays every part", "--scenario", "phase-swap")]
    [InlineData("--control: twins is not usable", "--control", "twins")]
    [InlineData("--flipped: 2 is not usable", "--flipped", "2")]
    [InlineData("--scenario: only 50 rows are left", "--scenario", "remove", "--limit", "50")]
    public async Task What_cannot_be_played_is_refused(string message, params string[] arguments)
    {
        var json = _directory.File("out.json");

        var run = await CliRun.Of(
            null,
            ["replay", "--data", _directory.Path, "--json", json, "--policy", "random", "--features", "structural", "--test", "test", .. arguments]);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(json));
    }

    private async Task<JsonElement> Play(string scenario, params string[] arguments) => (await CliRun.Replay(
        _directory.Path,
        ["--policy", "metallm", "--train", "train", "--burn-in", "val", "--test", "test", "--seeds", "3", "--budget", "0.0015", "--scenario", scenario, .. arguments]))[0]
        .GetProperty("scenario");

    private static JsonElement[] Phases(JsonElement scenario) => [.. scenario.GetProperty("phases").EnumerateArray()];

    private static JsonElement Phase(JsonElement scenario, int p) => scenario.GetProperty("phases")[p];
}
