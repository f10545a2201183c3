using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Bandits;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class ReplayBehaviourTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ReplayBehaviourTests() => SyntheticData.WriteLearnableWorld(_directory.Path, 900);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Two_runs_write_the_same_but_for_the_clock()
    {
        string[] arguments = ["--policy", "metallm,random", "--train", "0.3", "--budget", "0.003", "--seeds", "4"];

        Assert.Equal(WithoutTimes(await CliRun.Replay(_directory.Path, arguments)), WithoutTimes(await CliRun.Replay(_directory.Path, arguments)));
    }

    [Fact]
    public async Task No_policy_beats_the_oracle()
    {
        var names = string.Join(',', PolicyRegistry.All.Select(p => p.Name).Append("oracle"));

        var reports = await CliRun.Replay(_directory.Path, "--policy", names, "--train", "train", "--seeds", "2");

        var oracle = reports.EnumerateArray().Last();
        Assert.Equal("oracle", oracle.GetProperty("policy").GetString());
        foreach (var report in reports.EnumerateArray())
        {
            Assert.True(Reward(report) <= Reward(oracle), report.GetProperty("policy").GetString());
            Assert.True(report.GetProperty("regret").GetProperty("mean").GetDouble() >= 0);
            Assert.Equal(1, report.GetProperty("shares").EnumerateObject().Sum(s => s.Value.GetDouble()), 9);
        }
    }

    [Fact]
    public async Task Random_earns_and_spends_what_the_arms_do_on_average()
    {
        var report = (await CliRun.Replay(_directory.Path, "--policy", "random", "--seeds", "8"))[0];

        var expected = report.GetProperty("references").GetProperty("random");
        // Eight seeds of 900 draws: the standard error of the reward is about 0.0045, of the cost 1.5 %.
        Assert.Equal(expected.GetProperty("reward").GetDouble(), Reward(report), 0.02);
        Assert.Equal(1, report.GetProperty("cost").GetProperty("mean").GetDouble() / expected.GetProperty("cost").GetDouble(), 0.07);
        Assert.All(report.GetProperty("shares").EnumerateObject(), share => Assert.Equal(1.0 / 3, share.Value.GetDouble(), 0.03));
    }

    [Theory]
    [InlineData("0.0005")]
    [InlineData("0.003")]
    public async Task Where_there_is_something_to_learn_metallm_beats_the_static_mix_within_the_budget(string budget)
    {
        var report = (await CliRun.Replay(
            _directory.Path, "--policy", "metallm", "--train", "train", "--burn-in", "val", "--test", "test", "--budget", budget, "--seeds", "5"))[0];

        var mix = report.GetProperty("references").GetProperty("staticMixAtRealisedCost").GetProperty("reward").GetDouble();
        Assert.True(Reward(report) > mix + 0.03, $"{Reward(report)} against {mix}");
        Assert.True(report.GetProperty("utilisation").GetDouble() < 1.1, report.GetProperty("utilisation").GetRawText());
    }

    [Fact]
    public async Task A_price_weight_saves_money()
    {
        var reports = await CliRun.Replay(
            _directory.Path, "--policy", "metallm", "--train", "train", "--price-weight", "0", "--price-weight", "1000", "--seeds", "2");

        Assert.True(Cost(reports[1]) < Cost(reports[0]) / 10, $"{Cost(reports[1])} against {Cost(reports[0])}");
    }

    [Fact]
    public async Task Every_text_is_embedded_once_for_all_policies_and_seeds()
    {
        var embedder = new TaggedEmbedder();

        var run = await CliRun.Of(
            embedder, "replay", "--data", _directory.Path, "--policy", "metallm,random", "--train", "0.2", "--seeds", "3", "--limit", "50", "--json", _directory.File("out.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(900, embedder.Texts);
    }

    [Fact]
    public async Task Arms_and_limit_restrict_what_is_played()
    {
        var report = (await CliRun.Replay(_directory.Path, "--policy", "random", "--arms", "large,small", "--limit", "40", "--seeds", "2"))[0];

        Assert.Equal(40, report.GetProperty("queries").GetInt32());
        Assert.Equal(["small", "large"], report.GetProperty("shares").EnumerateObject().Select(s => s.Name));
    }

    private static double Reward(JsonElement report) => report.GetProperty("reward").GetProperty("mean").GetDouble();

    private static double Cost(JsonElement report) => report.GetProperty("cost").GetProperty("mean").GetDouble();

    private static string WithoutTimes(JsonElement reports)
    {
        var array = JsonNode.Parse(reports.GetRawText())!.AsArray();
        foreach (var report in array)
        {
            report!.AsObject().Remove("decideMicros");
            report.AsObject().Remove("updateMicros");
        }

        return array.ToJsonString();
    }
}
