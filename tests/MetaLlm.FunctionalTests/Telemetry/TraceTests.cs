using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Telemetry;

public sealed class TraceTests
{
    private const string Prompt = "a-prompt-that-no-span-may-show";
    private const string Product = "MetaLlm.Routing";
    private const string AspNet = "Microsoft.AspNetCore";
    private const string HttpClients = "System.Net.Http";
    private const string Grains = "Microsoft.Orleans.Application";

    private readonly string _tenant = $"traced-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_leaves_a_span_for_every_step_and_no_text(bool stream)
    {
        using var spans = new SpanCollector(Product, AspNet, HttpClients, Grains);
        await using var gateway = await StartAsync();
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Count = 1 });
        using var response = await gateway.Alpha.StreamAsync(new { model = "auto", stream, messages = new[] { new { role = "user", content = Prompt } } });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 1 })).Ok();
        var stored = (await gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json;

        var found = await Eventually.ReadAsync(
            "all spans have ended", () => Task.FromResult(spans.Of(_tenant)), s => s.Count == 6, s => string.Join(", ", s.Select(a => a.OperationName)), TimeSpan.FromSeconds(15));
        Assert.Equal(["embed", "decide", "call", "call", "settle", "feedback"], found.Select(s => s.OperationName));
        var (embed, decide, failed, served, settle) = (found[0], found[1], found[2], found[3], found[4]);
        var request = spans.Parent(embed)!;
        Assert.Equal(AspNet, request.Source.Name);
        Assert.All(found.Take(5), s => Assert.Equal((request.SpanId, request.TraceId), (s.ParentSpanId, s.TraceId)));
        Assert.Equal(AspNet, spans.Parent(found[5])!.Source.Name);

        Assert.Equal("embeddings", embed.GetTagItem("gen_ai.operation.name"));
        Assert.All(found.Skip(1), s => Assert.Equal(id, s.GetTagItem("metallm.decision.id")));
        Assert.Equal(stored.GetProperty("chosen_arm").GetString(), decide.GetTagItem("metallm.arm"));
        Assert.Equal(stored.GetProperty("propensity").GetDouble(), decide.GetTagItem("metallm.propensity"));
        Assert.Equal(("server_error", ActivityStatusCode.Error, ActivityKind.Client), (failed.GetTagItem("error.type"), failed.Status, failed.Kind));
        var arm = stored.GetProperty("served_arm").GetString();
        Assert.Equal(($"chat {arm}", ActivityStatusCode.Unset), (served.DisplayName, served.Status));
        Assert.Equal(("chat", arm, "sim", arm), (served.GetTagItem("gen_ai.operation.name"), served.GetTagItem("gen_ai.request.model"), served.GetTagItem("gen_ai.provider.name"), served.GetTagItem("metallm.arm")));
        var settlement = stored.GetProperty("settlement");
        Assert.Equal(settlement.GetProperty("prompt_tokens").GetInt64(), served.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(settlement.GetProperty("completion_tokens").GetInt64(), served.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal((arm, "stop"), (served.GetTagItem("gen_ai.response.model"), Assert.Single((string[])served.GetTagItem("gen_ai.response.finish_reasons")!)));
        Assert.DoesNotContain(id, Assert.IsType<string>(served.GetTagItem("gen_ai.response.id")), StringComparison.Ordinal);
        Assert.Equal(("completed", arm), (settle.GetTagItem("metallm.outcome"), settle.GetTagItem("metallm.arm")));

        // The request to the upstream belongs to the attempt, through whatever worker it went.
        Assert.Contains(spans.From(HttpClients), s => Ancestors(spans, s).Contains(served));
        Assert.All(found.Append(request), s => Assert.DoesNotContain(Prompt, Text(s), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_client_says_of_its_trace_stays_here_unless_it_is_switched_on(bool switchedOn)
    {
        using var spans = new SpanCollector(Product, AspNet, HttpClients, Grains);
        var seen = new ConcurrentQueue<IHeaderDictionary>();
        await using var upstream = await UpstreamAsync(seen);
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["upstreams"]!["hasty"]!["baseUrl"] = upstream.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/v1";
        configuration["MetaLlm"]!["tracing"] = new JsonObject { ["upstreams"] = switchedOn };
        TestConfiguration.TenantAt(configuration, 0)["arms"] = new JsonArray(TestConfiguration.Arm("a", upstream: "hasty"));
        await using var gateway = await StartAsync(configuration);
        (await gateway.Alpha.ChatAsync(
            "x", "auto", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "vendor=secret"), ("baggage", "user=alice"))).Ok();

        var headers = Assert.Single(seen);
        Assert.False(headers.ContainsKey("baggage") || headers.ContainsKey("tracestate") || headers.ContainsKey("Correlation-Context"));
        Assert.Equal(switchedOn, headers.TryGetValue("traceparent", out var trace));
        Assert.True(!switchedOn || trace.ToString().StartsWith("00-0af7651916cd43dd8448eb211c80319c-", StringComparison.Ordinal), trace.ToString());
    }

    private Task<RunningGateway> StartAsync(JsonObject? configuration = null)
    {
        configuration ??= TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["id"] = _tenant;
        
        // Spans go on from callers to grains in a host that exports them; nobody listens at this address.
        return RunningGateway.StartAsync(configuration, variable: name => name == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" ? "http://127.0.0.1:9" : TestConfiguration.Variable(name));
    }

    private static async Task<WebApplication> UpstreamAsync(ConcurrentQueue<IHeaderDictionary> seen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            seen.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)));
            return context.Response.WriteAsJsonAsync(new { choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = "y" } } } });
        });
        await app.StartAsync();
        return app;
    }

    private static IEnumerable<Activity> Ancestors(SpanCollector spans, Activity span)
    {
        for (var parent = spans.Parent(span); parent is not null; parent = spans.Parent(parent))
        {
            yield return parent;
        }
    }

    private static string Text(Activity span) =>
        string.Join(' ', span.TagObjects.Select(t => $"{t.Key}={t.Value}").Concat(span.Events.Select(e => e.ToString())).Append(span.DisplayName).Append(span.StatusDescription));
}
