namespace MetaLlm.Simulator.Tests;

public class ControlTests
{
    [Fact]
    public async Task Stats_report_requests_tokens_cost_and_faults()
    {
        await using var sim = await RunningSimulator.StartAsync();
        await sim.ReplyAsync("sim-lingo", sim.AnyTask.Prompt);
        using var failed = await sim.AskAsync("sim-lingo", sim.AnyTask.Prompt, fault: "500");
        var usage = sim.Server.Truth.UsageFor(DefaultModels.Lingo, sim.AnyTask);
        var stats = (await GetAsync(sim, "sim/stats")).EnumerateArray().Single(entry => entry.GetProperty("model").GetString() == "sim-lingo");

        Assert.Equal(2, stats.GetProperty("requests").GetInt32());
        Assert.Equal(1, stats.GetProperty("completed").GetInt32());
        Assert.Equal(usage.PromptTokens, stats.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(usage.CompletionTokens, stats.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(DefaultModels.Lingo.Price.CostOf(usage), stats.GetProperty("cost_usd").GetDecimal());
        Assert.Equal(1, stats.GetProperty("faults").GetProperty("server-error").GetInt32());
    }

    [Fact]
    public async Task Models_report_price_speed_availability_and_ability()
    {
        await using var sim = await RunningSimulator.StartAsync();
        sim.Server.Drift.Add(new DriftEvent { Kind = DriftKind.Outage, Model = "sim-nano" });
        var models = (await GetAsync(sim, "sim/models")).EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);

        Assert.Equal(DefaultModels.All.Count, models.Count);
        Assert.False(models["sim-nano"].GetProperty("available").GetBoolean());
        Assert.True(models["sim-math"].GetProperty("available").GetBoolean());
        Assert.Equal(0.125m, models["sim-math"].GetProperty("price").GetProperty("cached_input").GetDecimal());
        Assert.Equal(400, models["sim-math"].GetProperty("time_to_first_token_ms").GetDouble());
        Assert.Equal(DefaultModels.Math.AbilityFor(SimTaskType.CodeOutput), models["sim-math"].GetProperty("abilities").GetProperty("code-output").GetDouble());
    }

    [Fact]
    public async Task Faults_report_what_is_left_of_them()
    {
        await using var sim = await RunningSimulator.StartAsync(options => options with { Faults = [new FaultRule { Kind = FaultKind.RateLimit, Model = "sim-nano", Count = 3 }] });
        using var struck = await sim.AskAsync("sim-nano", sim.AnyTask.Prompt);
        var rule = Assert.Single((await GetAsync(sim, "sim/faults")).EnumerateArray());
        Assert.Equal(("rate-limit", "sim-nano", 2), (rule.GetProperty("kind").GetString(), rule.GetProperty("model").GetString(), rule.GetProperty("count").GetInt32()));
    }

    private static async Task<JsonElement> GetAsync(RunningSimulator sim, string path) =>
        JsonDocument.Parse(await sim.Client.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;
}
