using System.Text.Json;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Evaluate;

/// <summary>The quick suite on data that the product makes itself; its results are seeded, so they may be asserted.</summary>
public sealed class EvaluateHandlerTests
{
    private JsonElement _report;
    private JsonElement _set;
    private string _page = string.Empty;
    private string _summary = string.Empty;

    [Fact]
    public async Task The_whole_battery_holds_on_the_simulators_data()
    {
        await RunAsync();

        Assert.Equal("simulator", _set.GetProperty("name").GetString());
        Assert.Equal(1, _report.GetProperty("sets").GetArrayLength());
        Points_are_above_the_mix_and_within_budget();
        Knowing_the_arms_beforehand_helps();
        Predictions_come_true();
        Scenarios_play_out();
        Stresses_and_controls_pass();
        Off_policy_intervals_cover();
        What_is_learnable_lies_between_the_mix_and_the_oracle();
        The_page_and_the_summary_are_there();
    }

    private async Task RunAsync()
    {
        using var directory = new TemporaryDirectory();
        var (json, html) = (directory.File("out.json"), directory.File("out.html"));
        var run = await CliRun.Of(new TaggedEmbedder(), "evaluate", "--suite", "quick", "--json", json, "--html", html);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        _report = document.RootElement.Clone();
        _set = _report.GetProperty("sets")[0];
        _page = await File.ReadAllTextAsync(html);
        _summary = run.Output;
    }

    private void Points_are_above_the_mix_and_within_budget()
    {
        var flagship = Points("metallm", "warm", "all").ToArray();
        Assert.Equal(4, flagship.Length);
        Assert.All(flagship, p => Assert.True(p.GetProperty("notBelowMix").GetBoolean()));
        foreach (var report in flagship.Select(p => p.GetProperty("report")).Where(r => r.GetProperty("budget").ValueKind == JsonValueKind.Number))
        {
            Assert.True(Mean(report, "gain") > 0.02, $"gain {Mean(report, "gain")}");
            Assert.InRange(report.GetProperty("utilisation").GetDouble(), 0.5, 1.05);
            Assert.True(Mean(report, "gain") > Mean(Same("static-mix", report), "gain"));
        }
    }

    private void Knowing_the_arms_beforehand_helps()
    {
        double Regret(string start) => Mean(Points("metallm", start, "all").Select(p => p.GetProperty("report")).Single(r => r.GetProperty("budget").ValueKind == JsonValueKind.Null), "regret");
        Assert.True(Regret("warm") < Regret("cold"), $"{Regret("warm")} {Regret("cold")}");
        Assert.Equal(4, Points("metallm", "cold", "no-task").Count());
    }

    private void Predictions_come_true()
    {
        var calibration = _set.GetProperty("calibration");
        Assert.InRange(calibration.GetProperty("error").GetDouble(), 0, 0.12);
        Assert.InRange(calibration.GetProperty("costRatio").GetDouble(), 0.9, 1.1);
    }

    private void Scenarios_play_out()
    {
        JsonElement Phase(string scenario, int p) => _set.GetProperty("scenarios").EnumerateArray().Select(r => r.GetProperty("scenario"))
            .First(s => s.GetProperty("name").GetString() == scenario).GetProperty("phases")[p];
        double Reward(string scenario, int p) => Mean(Phase(scenario, p), "reward");

        Assert.Equal(9, _set.GetProperty("scenarios").GetArrayLength());
        double Share(string scenario, int p, string arm) => Phase(scenario, p).GetProperty("shares").GetProperty(arm).GetDouble();
        Assert.True(Share("price-cut", 1, "sim-frontier") > Share("price-cut", 0, "sim-frontier") + 0.1);
        Assert.True(Reward("price-cut", 1) > Reward("price-cut", 0));
        Assert.True(Share("add-good-cheap", 2, "newcomer") > 0.1);
        Assert.Equal(0, Share("outage", 1, _set.GetProperty("scenarios").EnumerateArray().Select(r => r.GetProperty("scenario")).First(s => s.GetProperty("name").GetString() == "outage").GetProperty("arm").GetString()!));
        Assert.True(Share("add-bad", 2, "newcomer") < 0.05);
        Assert.Equal(2, _set.GetProperty("scenarios").EnumerateArray().Count(r => r.GetProperty("scenario").GetProperty("name").GetString() == "phase-swap"));
    }

    private void Stresses_and_controls_pass()
    {
        var twice = _set.GetProperty("stresses").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "30 % twice");
        Assert.True(twice.GetProperty("sameState").GetBoolean());
        Assert.Equal(0, Mean(twice, "difference"), 12);
        foreach (var mild in _set.GetProperty("stresses").EnumerateArray().Where(s => s.GetProperty("name").GetString() is "5 % flipped" or "10 % wrong, corrected later"))
        {
            Assert.True(Mean(mild, "difference") > -0.06, mild.GetRawText());
        }

        Assert.Equal(2, _set.GetProperty("controls").GetArrayLength());
        Assert.All(_set.GetProperty("controls").EnumerateArray(), c => Assert.True(c.GetProperty("passed").GetBoolean(), c.GetRawText()));
    }

    private void Off_policy_intervals_cover()
    {
        var coverage = _set.GetProperty("coverage").EnumerateArray().ToArray();
        Assert.Equal(12, coverage.Length);
        Assert.All(coverage.Where(c => c.GetProperty("estimator").GetString() != "switch-dr"), c =>
        {
            Assert.InRange(c.GetProperty("coverage").GetDouble(), 0.93, 0.97);
            Assert.InRange(c.GetProperty("bias").GetDouble(), -0.01, 0.01);
        });
        Assert.All(coverage.Where(c => c.GetProperty("anytimeCoverage").ValueKind == JsonValueKind.Number), c => Assert.True(c.GetProperty("anytimeCoverage").GetDouble() >= 0.95));
    }

    private void What_is_learnable_lies_between_the_mix_and_the_oracle()
    {
        var points = _set.GetProperty("learnable").EnumerateArray().ToArray();
        Assert.Equal(8, points.Length);
        Assert.All(points, p =>
        {
            double Value(string name) => p.GetProperty(name).GetDouble();
            Assert.True(Value("learned") > Value("mix") + 0.05, p.GetRawText());
            Assert.True(Value("costsKnown") > Value("learned") - 0.01, p.GetRawText());
            Assert.True(Value("oracle") > Value("costsKnown"), p.GetRawText());
        });
    }

    private void The_page_and_the_summary_are_there()
    {
        foreach (var title in new[] { "Reward over cost", "Cumulative regret", "Calibration", "best per query", "static mix", "phase-swap", "what is there to be learned" })
        {
            Assert.Contains(title, _page, StringComparison.Ordinal);
        }

        Assert.Contains("4 of 4 warm points not below the static mix", _summary, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", _page, StringComparison.Ordinal);
    }

    private IEnumerable<JsonElement> Points(string policy, string start, string features) => _set.GetProperty("points").EnumerateArray().Where(p =>
        p.GetProperty("report").GetProperty("policy").GetString() == policy
        && p.GetProperty("start").GetString() == start
        && p.GetProperty("features").GetString() == features);

    private JsonElement Same(string policy, JsonElement report) => Points(policy, "warm", "all").Select(p => p.GetProperty("report"))
        .Single(r => r.GetProperty("budget").GetRawText() == report.GetProperty("budget").GetRawText());

    private static double Mean(JsonElement element, string name) => element.GetProperty(name).GetProperty("mean").GetDouble();
}
