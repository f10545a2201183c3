using Microsoft.Extensions.Options;

namespace MetaLlm.Simulator.Tests;

public class OptionsTests
{
    [Fact]
    public async Task Every_error_is_reported_at_once_with_field_value_and_range()
    {
        var options = new SimulatorOptions
        {
            Address = IPAddress.Any,
            Port = 70_000,
            TasksPerType = 0,
            ApiKey = " ",
            TimeScale = double.NaN,
            SamplingNoise = 2,
            Models = [DefaultModels.Nano, DefaultModels.Nano with { Ability = 9, TokensPerSecond = 0, ReplyTokens = 0, Price = new ModelPrice(-1, 0, 0), TimeToFirstToken = TimeSpan.FromHours(1) }],
            Faults = [new FaultRule { Kind = FaultKind.Timeout, Model = "gpt-x", Probability = 0 }],
            Drift = [new DriftEvent { Kind = DriftKind.Price, Model = "gpt-x" }],
        };
        string[] expected =
        [
            "Address: 0.0.0.0 is not a loopback address", "Port: 70000 is outside 0 to 65535", "TasksPerType: 0 is outside 1 to 1000", "ApiKey", "TimeScale: NaN is outside 0 to 100",
            "SamplingNoise: 2 is outside 0 to 1", "'sim-nano' occurs 2 times", "Models[1].Ability: 9 is outside -1 to 2", "Models[1].TimeToFirstToken: 3600 s is outside 0 to 60 s",
            "Models[1].TokensPerSecond: 0 is outside 1 to 10000", "Models[1].ReplyTokens: 0 is outside 1 to 4000", "Models[1].Price: the input price -1 is outside",
            "Faults[0].model: 'gpt-x'", "Faults[0].probability: 0 is outside", "Drift[0].model: 'gpt-x'", "Drift[0].price: missing",
        ];

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => SimulatorServer.StartAsync(options, CancellationToken.None));
        Assert.Equal(expected.Length, error.Failures.Count());
        Assert.All(expected, text => Assert.Contains(error.Failures, failure => failure.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_simulator_without_models_is_refused()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => SimulatorServer.StartAsync(new SimulatorOptions { Models = [] }, CancellationToken.None));
        Assert.StartsWith("Models:", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_an_error_and_leaves_the_holder_alone()
    {
        await using var sim = await RunningSimulator.StartAsync();
        var options = new SimulatorOptions { TasksPerType = 1, Port = sim.Server.BaseAddress.Port };
        await Assert.ThrowsAsync<IOException>(() => SimulatorServer.StartAsync(options, CancellationToken.None));
        Assert.NotEmpty(await sim.ReplyAsync("sim-nano", sim.AnyTask.Prompt));
    }

    [Fact]
    public async Task Latency_follows_the_model_and_the_time_scale()
    {
        var time = new ManualTime();
        await using var sim = await RunningSimulator.StartAsync(options => options with { TimeProvider = time, TimeScale = 0.5 });
        var request = sim.ReplyAsync("sim-frontier", sim.AnyTask.Prompt);
        Assert.Equal(DefaultModels.Frontier.TimeToFirstToken * 0.5, await time.NextWait);

        // Far enough for the rest of the reply too.
        time.Advance(TimeSpan.FromHours(1));
        Assert.NotEmpty(await request);
    }
}
