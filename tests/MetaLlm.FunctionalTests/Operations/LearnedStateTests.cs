using System.CommandLine;
using System.Text.Json.Nodes;
using MetaLlm.Host;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>What was learned survives edits of the configuration file, or is given up knowingly.</summary>
public sealed class LearnedStateTests : IAsyncLifetime
{
    private readonly JsonObject _configuration = TestConfiguration.Create();
    private RunningGateway _gateway = null!;

    private JsonObject Alpha => TestConfiguration.TenantAt(_configuration, 0);

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync()
    {
        _configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        _gateway = await RunningGateway.StartAsync(_configuration);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_renamed_model_keeps_its_counters_and_is_credited_with_late_feedback()
    {
        var late = await TeachAsync(6);
        var before = (await PolicyAsync()).Arms["sim-nano"];
        var arm = Alpha["arms"]![0]!;
        (arm["id"], arm["renamedFrom"]) = ("nano", "sim-nano");
        await ReloadAsync();
        await UntilAsync(policy => policy.Arms.ContainsKey("nano"));
        Assert.Equal(before, (await PolicyAsync()).Arms["nano"]);

        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = late, reward = 1 })).Ok();
        Assert.Equal((before.Pulls, before.Rewards + 1), (await PolicyAsync()).Arms["nano"]);
    }

    [Fact]
    public async Task Another_policy_is_refused_until_the_file_says_what_becomes_of_the_learned()
    {
        await TeachAsync(6);
        var before = await PolicyAsync();
        Alpha["policy"] = "linucb";
        await ReloadAsync();
        await UntilReadyAsync("refused");
        Assert.Equal(before.Hash, (await PolicyAsync()).Hash);
        (await _gateway.Alpha.ChatAsync("Still served?")).Ok();

        before = await PolicyAsync();
        Alpha["policyRestart"] = "relearn";
        await ReloadAsync();
        await UntilAsync(policy => policy.Name == "linucb");
        Assert.Equal(before.Arms, (await PolicyAsync()).Arms);
        await UntilReadyAsync(null);
    }

    [Fact]
    public async Task What_was_forgotten_is_learned_again_from_the_journal()
    {
        await TeachAsync(6);
        var before = await PolicyAsync();
        (Alpha["policy"], Alpha["policyRestart"]) = ("linucb", "forget");
        await ReloadAsync();
        await UntilAsync(policy => policy.Name == "linucb");
        Assert.Equal(0, (await PolicyAsync()).Arms.Values.Sum(a => a.Pulls));
        Alpha["policy"] = "metallm";
        await ReloadAsync();
        await UntilAsync(policy => policy.Name == "metallm");

        var reply = (await Admin.PostAsync("/v1/tenants/alpha/relearn", new { })).Ok().Json;
        Assert.Equal((6, 5), (reply.GetProperty("decisions").GetInt32(), reply.GetProperty("rewards").GetInt32()));
        var after = await PolicyAsync();
        Assert.Equal(before.Arms, after.Arms);
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(_configuration, directory: _gateway.Directory);
        Assert.Equal(after.Hash, (await PolicyAsync()).Hash);
    }

    [Fact]
    public async Task The_verb_asks_the_running_gateway_with_the_admin_key()
    {
        await TeachAsync(3);
        var variable = $"METALLM_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, TestConfiguration.AdminKey);

        var (exitCode, said) = await RunAsync("--tenant", "alpha", "--url", _gateway.Address.ToString(), "--key-env", variable);
        Assert.True(exitCode == 0, said);
        Assert.Contains("\"rewards\":2", said, StringComparison.Ordinal);
        (exitCode, said) = await RunAsync("--tenant", "nobody", "--url", _gateway.Address.ToString(), "--key-env", variable);
        Assert.Equal(1, exitCode);
        Assert.Contains("tenant_not_found", said, StringComparison.Ordinal);
        (exitCode, said) = await RunAsync("--tenant", "alpha");
        Assert.Equal(2, exitCode);
        Assert.Contains("exactly one of --config FILE and --key-env NAME", said, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("--tenant", "alpha", "--url", "ftp://x", "--key-env", variable)).ExitCode);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var exitCode = await HostCommand.Create().Parse(["relearn", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (exitCode, output.ToString());
    }

    /// <summary>Makes calls of the first model and rewards all but the last.</summary>
    /// <returns>The last one's decision.</returns>
    private async Task<string> TeachAsync(int calls)
    {
        var last = "";
        for (var i = 0; i < calls; i++)
        {
            last = (await _gateway.Alpha.ChatAsync($"Question {i}", "sim-nano")).Ok().DecisionId;
            if (i < calls - 1)
            {
                (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = last, reward = 1 })).Ok();
            }
        }

        return last;
    }

    private Task ReloadAsync() => File.WriteAllTextAsync(_gateway.ConfigFile, _configuration.ToJsonString());

    private async Task<(string Name, string Hash, IReadOnlyDictionary<string, (long Pulls, long Rewards)> Arms)> PolicyAsync()
    {
        var json = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        return (
            json.GetProperty("policy").GetString()!,
            json.GetProperty("state_hash").GetString()!,
            json.GetProperty("arms").EnumerateArray().ToDictionary(
                a => a.GetProperty("id").GetString()!, a => (a.GetProperty("pulls").GetInt64(), a.GetProperty("rewards").GetInt64())));
    }

    private async Task UntilAsync(Func<(string Name, string Hash, IReadOnlyDictionary<string, (long Pulls, long Rewards)> Arms), bool> expected) =>
        await Eventually.ReadAsync("the policy is the new one", PolicyAsync, expected, policy => policy.ToString(), TimeSpan.FromSeconds(20));

    private async Task UntilReadyAsync(string? configuration) => await Eventually.ReadAsync(
        $"readiness says {configuration ?? "nothing"}",
        async () => (await _gateway.Nobody.GetAsync("/health/ready")).Ok().Json,
        json => (json.TryGetProperty("configuration", out var said) ? said.GetString() : null) == configuration,
        json => JsonSerializer.Serialize(json),
        TimeSpan.FromSeconds(20));
}
