using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Telemetry;

public sealed class OtlpTests : IDisposable
{
    private const string Prompt = "a-prompt-that-no-exporter-may-send";

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-otlp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Traces_and_metrics_go_to_the_collector_that_the_environment_names()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await CollectorAsync(received);
        var ports = FreePorts.Find(2);
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["cluster"] = new JsonObject { ["siloPort"] = ports[0], ["gatewayPort"] = ports[1] };
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "the-service",
        };
        using var host = await HostProcess.StartAsync(environment, "--config", config, "--data", _directory);
        var reply = (await host.Client.ChatAsync(Prompt)).Ok();

        await Eventually.ReadAsync(
            "spans and metrics have arrived",
            () => Task.FromResult(received),
            r => r.TryGetValue("/v1/traces", out var t) && t.Contains(reply.DecisionId, StringComparison.Ordinal) && t.Contains("settle", StringComparison.Ordinal)
                && r.TryGetValue("/v1/metrics", out var m) && m.Contains("metallm.routing.decisions", StringComparison.Ordinal),
            r => string.Join(", ", r.Select(p => $"{p.Key}: {p.Value.Length}")),
            TimeSpan.FromSeconds(30));
        Assert.All(received.Values, body => Assert.Contains("the-service", body, StringComparison.Ordinal));
        Assert.All(received.Values, body => Assert.DoesNotContain(Prompt, body, StringComparison.Ordinal));
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            // Texts stand in the protocol's messages as they are, so that they can be looked for.
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            received.AddOrUpdate(context.Request.Path, body, (_, before) => before + body);
        });
        await app.StartAsync();
        return app;
    }
}
