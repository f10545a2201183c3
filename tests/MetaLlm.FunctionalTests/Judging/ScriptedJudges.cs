using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Guardrails;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Judging;

/// <summary>A gateway with a guardrail, and a judge that compares with another model: both write down what they were sent.</summary>
public sealed class ScriptedJudges : IAsyncLifetime
{
    private const string Key = "judged-key-0123456789";

    private ScriptedUpstream _upstream = null!;
    private WebApplication _hook = null!;
    private RunningGateway _gateway = null!;

    /// <summary>What models were sent, and where: <c>cheap</c> answers, <c>other</c> is compared with, <c>judge</c> compares.</summary>
    internal ConcurrentQueue<(string Model, string Path, string Body)> Asked { get; } = [];

    internal Client Client => _gateway.With(Key);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _hook = builder.Build();
        _hook.MapPost("/judge", () => Results.StatusCode(StatusCodes.Status500InternalServerError));
        await _hook.StartAsync();
        _upstream = await ScriptedUpstream.StartAsync();
        foreach (var model in (string[])["cheap", "other", "judge"])
        {
            _upstream.On(model, (http, body) => AnswerAsync(model, http, body));
        }

        var configuration = _upstream.Configure("cheap", "other", "judge");
        var section = configuration["MetaLlm"]!.AsObject();
        section["guardrails"] = new JsonObject { ["hide"] = new JsonObject { ["kind"] = "service", ["timeoutSeconds"] = 30 }, ["hook"] = new JsonObject { ["url"] = $"{_hook.Urls.Single()}/judge", ["timeoutSeconds"] = 30 } };
        section["retrievers"] = new JsonObject { ["notes"] = new JsonObject { ["usdPerCall"] = 0.001, ["timeoutSeconds"] = 30 } };
        var tenant = TestConfiguration.TenantAt(configuration, 0);
        (tenant["id"], tenant["keyEnvironments"]) = ("judged", new JsonArray("KEY_OF_judged"));
        tenant["arms"]![1]!["variants"] = new JsonArray(new JsonObject { ["id"] = "notes", ["retriever"] = "notes" });
        tenant["guardrails"] = JsonNode.Parse("""{"request":["hide"]}""");
        tenant["shadow"] = JsonNode.Parse("""{"models":["other:notes"],"share":1,"usd":5}""");
        tenant["judges"] = JsonNode.Parse("""
            {"share":1,"usdPerDay":5,"list":[{"id":"broken","kind":"webhook","webhook":"hook"},{"id":"better","model":"judge","against":"other"},{"id":"noted","model":"judge","against":"other:notes"},
             {"id":"last","kind":"regex","pattern":"."}]}
            """);
        section["tenants"] = new JsonArray(tenant.DeepClone());
        _gateway = await RunningGateway.StartAsync(
            configuration,
            variable: name => name == "KEY_OF_judged" ? Key : TestConfiguration.Variable(name),
            services: services =>
            {
                services.AddKeyedSingleton<IGuardrail, HidingGuardrail>("hide");
                services.AddKeyedSingleton<IRetriever, SecretNotes>("notes");
            });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        await _hook.DisposeAsync();
    }

    private Task AnswerAsync(string model, HttpContext http, string body)
    {
        Asked.Enqueue((model, http.Request.Path, body));
        var text = model != "judge" ? "Hello there." : body.Contains("in riddles", StringComparison.Ordinal) ? "Who knows." : """{"better":"tie"}""";
        var said = JsonSerializer.Serialize(text);
        return ScriptedUpstream.FailAsync(http, 200, JsonNode.Parse(body)!["prompt"] is null
            ? $$$"""{"id":"u","choices":[{"index":0,"message":{"role":"assistant","content":{{{said}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2}}"""
            : $$$"""{"id":"u","object":"text_completion","choices":[{"index":0,"text":{{{said}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2}}""");
    }

    private sealed class HidingGuardrail : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) => new(
            content.Texts.Any(text => text.Text.Contains("bomb", StringComparison.Ordinal)) ? GuardrailVerdict.Block()
            : GuardrailVerdict.Replace([.. content.Texts.Select(text => text.Text.Replace("secret", "[gone]", StringComparison.Ordinal))]));
    }

    private sealed class SecretNotes : IRetriever
    {
        public ValueTask<string?> RetrieveAsync(RetrievalQuery query, CancellationToken cancellationToken) => new("Notes with a secret.");
    }
}
