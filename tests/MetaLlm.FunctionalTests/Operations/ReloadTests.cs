namespace MetaLlm.FunctionalTests.Operations;

public sealed class ReloadTests
{
    [Fact]
    public async Task Arms_come_go_and_change_price_while_the_gateway_serves()
    {
        var configuration = TestConfiguration.Create();
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var id = (await gateway.Alpha.ChatAsync("x", "sim-nano")).Ok().DecisionId;

        var arms = TestConfiguration.TenantAt(configuration, 0)["arms"]!.AsArray();
        arms.RemoveAt(0);
        arms.Add(TestConfiguration.Arm("late", "sim-math"));
        arms[0]!["outputUsdPerMillion"] = 50.0;
        await File.WriteAllTextAsync(gateway.ConfigFile, configuration.ToJsonString());
        await UntilAsync(gateway, models => models.SequenceEqual(["auto", "sim-lingo", "sim-coder", "late"]));

        Assert.Equal("late", (await gateway.Alpha.ChatAsync("x", "late")).Ok().Model);
        Assert.Equal("model_not_found", (await gateway.Alpha.ChatAsync("x", "sim-nano")).Code);
        Assert.Equal(50, (await gateway.Alpha.GetAsync("/v1/models/sim-lingo")).Ok().Json.GetProperty("metallm").GetProperty("output_usd_per_million").GetDouble(), 9);
        (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 1 })).Ok();
    }

    [Fact]
    public async Task A_broken_configuration_leaves_the_old_one_in_force()
    {
        var configuration = TestConfiguration.Create();
        await using var gateway = await RunningGateway.StartAsync(configuration);
        await File.WriteAllTextAsync(gateway.ConfigFile, "{ this is no JSON");
        TestConfiguration.TenantAt(configuration, 0)["arms"]!.AsArray().Add(TestConfiguration.Arm("bad", upstream: "nowhere"));
        await File.WriteAllTextAsync(gateway.ConfigFile, configuration.ToJsonString());
        (await gateway.Alpha.ChatAsync("Still here?")).Ok();

        // A good configuration after the bad ones is taken up: the watch goes on, and the bad arm was never there.
        TestConfiguration.TenantAt(configuration, 0)["arms"]!.AsArray()[3] = TestConfiguration.Arm("good", "sim-math");
        await File.WriteAllTextAsync(gateway.ConfigFile, configuration.ToJsonString());
        await UntilAsync(gateway, models =>
        {
            Assert.DoesNotContain("bad", models);
            return models.Contains("good");
        });
    }

    private static async Task UntilAsync(RunningGateway gateway, Func<IReadOnlyList<string?>, bool> expected) => await Eventually.ReadAsync(
        "the models are those of the new configuration",
        async () => (await gateway.Alpha.GetAsync("/v1/models")).Ok().Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ToList(),
        expected,
        models => string.Join(", ", models),
        TimeSpan.FromSeconds(20));
}
