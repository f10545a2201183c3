using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

/// <summary>A purse for answers of models that do not serve, in a world with something to learn.</summary>
public sealed class ShadowReplayTests : IDisposable
{
    // Fifty rows with every model's answer cost .555 USD.
    private const string Purse = "0.3";

    private readonly TemporaryDirectory _directory = new();

    public ShadowReplayTests() => SyntheticData.WriteLearnableWorld(_directory.Path, 500);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_purse_is_kept_to_the_last_digit_whatever_it_is_spent_by_and_buys_what_it_says()
    {
        foreach (var rule in new[] { "gradient", "full-rows", "random-answers", "uncertainty", "contended" })
        {
            var shadow = (await Play("--shadow-usd", "0.05", "--shadow-rule", rule, "--seeds", "2")).GetProperty("shadow");
            Assert.True(shadow.GetProperty("mostSpentUsd").GetDouble() <= 0.05, shadow.GetRawText());
            Assert.True(shadow.GetProperty("answers").GetDouble() >= shadow.GetProperty("rows").GetDouble(), shadow.GetRawText());
            Assert.True(shadow.GetProperty("rows").GetDouble() > 0, rule);
        }
    }

    [Fact]
    public async Task Where_a_cold_start_learns_three_models_fast_anyway_a_purse_does_no_harm()
    {
        var (without, with) = (Gain(await Play()), Gain(await Play("--shadow-usd", Purse)));
        Assert.True(with > without - 0.02, $"{without} {with}");
    }

    [Fact]
    public async Task Verdicts_that_come_late_or_are_wrong_cost_no_more_than_the_purse_holds()
    {
        var shadow = (await Play("--shadow-usd", Purse, "--shadow-delay", "20", "--shadow-wrong", "0.1", "--seeds", "1")).GetProperty("shadow");
        Assert.True(shadow.GetProperty("mostSpentUsd").GetDouble() <= 0.3, shadow.GetRawText());
        Assert.True(shadow.GetProperty("answersByArm").EnumerateObject().Sum(arm => arm.Value.GetDouble()) >= 10, shadow.GetRawText());
    }

    [Fact]
    public async Task Without_a_purse_the_report_says_nothing_of_one() =>
        Assert.False((await Play()).TryGetProperty("shadow", out _));

    [Fact]
    public async Task Two_runs_with_a_purse_earn_the_same()
    {
        var (first, second) = (await Play("--shadow-usd", Purse, "--seeds", "2"), await Play("--shadow-usd", Purse, "--seeds", "2"));
        Assert.Equal(first.GetProperty("reward").GetRawText(), second.GetProperty("reward").GetRawText());
        Assert.Equal(first.GetProperty("shadow").GetRawText(), second.GetProperty("shadow").GetRawText());
    }

    private async Task<JsonElement> Play(params string[] arguments) =>
        (await CliRun.Replay(_directory.Path, [.. arguments, "--policy", "metallm", "--budget", "0.002", .. arguments.Contains("--seeds") ? Array.Empty<string>() : ["--seeds", "3"]]))[0];

    private static double Gain(JsonElement report) => report.GetProperty("gain").GetProperty("mean").GetDouble();
}
