using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;

namespace MetaLlm.FunctionalTests.Telemetry;

/// <summary>In processes of their own: OpenTelemetry collects by a meter's name whatever the process has, and here are other hosts too.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-metrics-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_scrape_is_well_formed_and_counts_once_what_happened()
    {
        using var gateway = await StartAsync(TestConfiguration.Create());
        var reply = (await gateway.Client.ChatAsync("Count me.")).Ok();
        foreach (var reward in new[] { 0.75, 0.75, 0.25 })
        {
            (await gateway.Client.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward }, ("Idempotency-Key", $"{reward}"))).Ok();
        }

        var decision = (await gateway.Client.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("settlement");
        var scrape = (await gateway.Nobody.GetAsync("/metrics")).Ok();
        Assert.Equal("text/plain", scrape.ContentType);
        var metrics = PrometheusText.Parse(scrape.Text);
        (string, string)[] labels = [("tenant", "alpha"), ("arm", reply.Model)];
        Assert.Equal(1, metrics.Sum("metallm_routing_decisions_total", labels));
        Assert.Equal(1, metrics.Sum("metallm_routing_call_duration_seconds_count", [.. labels, ("outcome", "completed")]));
        Assert.Equal(1, metrics.Sum("metallm_routing_decide_duration_seconds_count", ("tenant", "alpha")));
        Assert.Equal(decision.GetProperty("cost_usd").GetDouble(), metrics.Sum("metallm_engine_cost_usd_total", labels), 12);
        Assert.True(decision.GetProperty("cost_usd").GetDouble() > 0);
        Assert.Equal(2, metrics.Sum("metallm_engine_reward_count", labels));
        Assert.Equal(1, metrics.Sum("metallm_engine_reward_sum", labels), 12);
        Assert.Equal(1, metrics.Sum("metallm_engine_reward_bucket", [.. labels, ("le", "0.3")]));
        (string, string)[] model = [("gen_ai_operation_name", "chat"), ("gen_ai_provider_name", "sim"), ("gen_ai_request_model", reply.Model)];
        Assert.Equal(1, metrics.Sum("gen_ai_client_operation_duration_seconds_count", model));
        Assert.Equal(decision.GetProperty("prompt_tokens").GetDouble(), metrics.Sum("gen_ai_client_token_usage_sum", [.. model, ("gen_ai_token_type", "input")]));
        Assert.False(metrics.Has("metallm_engine_decisions_total"));
        Assert.All(
            ["http_server_request_duration_seconds", "http_client_request_duration_seconds", "kestrel_active_connections", "dotnet_gc_collections_total", "orleans_grains"],
            family => Assert.True(metrics.Has(family), family));
    }

    [Fact]
    public async Task A_failure_counts_by_its_kind_and_opens_a_circuit_that_is_counted_too()
    {
        var configuration = TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["arms"] = new JsonArray(TestConfiguration.Arm("gone", upstream: "hasty"));
        configuration["MetaLlm"]!["routing"]!["failureThreshold"] = 1;
        using var gateway = await StartAsync(configuration);
        Assert.Equal("upstream_failed", (await gateway.Client.ChatAsync("x")).Code);

        var metrics = PrometheusText.Parse((await gateway.Nobody.GetAsync("/metrics")).Ok().Text);
        Assert.Equal(1, metrics.Sum("metallm_routing_failures_total", ("tenant", "alpha"), ("kind", "connection")));
        Assert.Equal(1, metrics.Sum("metallm_routing_circuit_openings_total", ("upstream", "hasty"), ("model", "gone")));

        var arm = (await gateway.Client.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms")[0];
        Assert.Equal("open", arm.GetProperty("circuit").GetString());
        Assert.InRange(arm.GetProperty("held_out_seconds").GetDouble(), 30, 60);
        var refused = await gateway.Client.ChatAsync("x");
        Assert.Equal("no_healthy_model", refused.Code);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 30, 60);
    }

    [Fact]
    public async Task Whoever_lacks_the_key_finds_no_metrics()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["metrics"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Nobody.GetAsync("/metrics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Alpha.GetAsync("/metrics")).Status);
        (await gateway.With(TestConfiguration.AdminKey).GetAsync("/metrics")).Ok();
    }

    private async Task<HostProcess> StartAsync(JsonObject configuration)
    {
        var ports = FreePorts.Find(2);
        configuration["MetaLlm"]!["cluster"] = new JsonObject { ["siloPort"] = ports[0], ["gatewayPort"] = ports[1] };
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        return await HostProcess.StartAsync("--config", config, "--data", _directory);
    }
}
