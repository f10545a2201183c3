using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Judging;

/// <summary>A gateway with a tenant for each kind of judge, the simulator's models and its judge, and a webhook.</summary>
public sealed class JudgedGateway : IAsyncLifetime
{
    private static readonly string[] Tenants = ["model", "pairwise", "poor", "match", "webhook", "careless"];

    private MeterListener _listener = null!;
    private WebApplication _hook = null!;
    private RunningGateway _gateway = null!;

    /// <summary>What the webhook was sent.</summary>
    internal ConcurrentQueue<JsonNode> Asked { get; } = [];

    /// <summary>What became of questions to judges, as "tenant: outcome". A scrape of this process would hold what all its hosts have counted.</summary>
    internal ConcurrentQueue<string> Outcomes { get; } = [];

    internal Client Of(string tenant) => _gateway.With(Key(tenant));

    public async Task InitializeAsync()
    {
        _listener = Listen();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _hook = builder.Build();
        _hook.MapPost("/judge", async (HttpContext context) =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!;
            Asked.Enqueue(body);
            return body["expected"] is null ? Results.Json(new { verdict = "fine" }) : Results.Json(new { score = 0.75 });
        });
        await _hook.StartAsync();
        _gateway = await RunningGateway.StartAsync(Configuration(), variable: name => Tenants.FirstOrDefault(tenant => name == $"KEY_OF_{tenant}") is { } tenant ? Key(tenant) : TestConfiguration.Variable(name));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _hook.DisposeAsync();
        _listener.Dispose();
    }

    private static string Key(string tenant) => $"{tenant}-key-0123456789";

    private MeterListener Listen()
    {
        var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "metallm.judge.verdicts")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            Outcomes.Enqueue($"{labels["tenant"]}: {labels["outcome"]}");
        });
        meters.Start();
        return meters;
    }

    private JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["guardrails"] = new JsonObject { ["hook"] = new JsonObject { ["url"] = $"{_hook.Urls.Single()}/judge", ["timeoutSeconds"] = 30 } };
        section["tenants"] = new JsonArray(
            Of("model", """{"share":1,"usdPerDay":5,"list":[{"id":"right","model":"sim-judge-100","trust":0.5}]}"""),
            Of("pairwise", """{"share":1,"usdPerDay":5,"list":[{"id":"better","model":"sim-judge-100","against":"sim-nano"}]}"""),
            Of("poor", """{"share":1,"usdPerDay":0.0000001,"list":[{"id":"right","model":"sim-judge-100"}]}"""),
            Of("match", """{"share":1,"list":[{"id":"same","kind":"exact","pattern":"nswer(?: is|:) \\**(.+?)\\**\\.?$"},{"id":"long","kind":"regex","pattern":"^.{20,}"}]}"""),
            Of("webhook", """{"share":1,"list":[{"id":"code","kind":"webhook","webhook":"hook"},{"id":"json","kind":"jsonSchema","schema":"{\"type\":\"object\"}"}]}"""),
            Of("careless", """{"share":1,"usdPerDay":5,"list":[{"id":"wild","model":"sim-judge-0","trust":0.5,"errorBound":0.3}]}"""));
        return configuration;
    }

    private static JsonObject Of(string id, string judges)
    {
        var tenant = TestConfiguration.Tenant(id, $"KEY_OF_{id}");
        foreach (var judge in new[] { "sim-judge-100", "sim-judge-0" })
        {
            var arm = TestConfiguration.Arm(judge);
            arm["enabled"] = false;
            tenant["arms"]!.AsArray().Add((JsonNode)arm);
        }

        tenant["judges"] = JsonNode.Parse(judges);
        return tenant;
    }
}
