using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Guardrails;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Screening;

/// <summary>A gateway with a tenant for each way of guarding, a webhook that looks for some words, and a model that says what it was asked.</summary>
public sealed class ScreenedGateway : IAsyncLifetime
{
    private WebApplication? _hook;
    private ScriptedUpstream? _upstream;
    private RunningGateway? _gateway;

    internal RunningGateway Gateway => _gateway!;

    /// <summary>What the webhook was sent, with its key.</summary>
    internal ConcurrentQueue<(string? Authorization, JsonElement Body)> Looked { get; } = [];

    /// <summary>What the model was asked last.</summary>
    internal ConcurrentQueue<string> Asked { get; } = [];

    internal int Called => _upstream!.Called.Count;

    internal Client Tenant(string id) => Gateway.With(KeyOf(id));

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _hook = builder.Build();
        _hook.MapPost("/check", LookAsync);
        await _hook.StartAsync();
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("echo", EchoAsync);
        var configuration = _upstream.Configure("echo");
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["guardrails"] = new JsonObject
        {
            ["hook"] = new JsonObject { ["url"] = $"{_hook.Urls.Single()}/check", ["keyEnvironment"] = "HOOK_KEY", ["timeoutSeconds"] = 30 },
            ["away"] = new JsonObject { ["url"] = "http://127.0.0.1:9/check", ["timeoutSeconds"] = 30 },
            ["lenient"] = new JsonObject { ["url"] = "http://127.0.0.1:9/check", ["onFailure"] = "allow", ["timeoutSeconds"] = 30 },
            ["slow"] = new JsonObject { ["kind"] = "service", ["timeoutSeconds"] = 0.05 },
            ["upper"] = new JsonObject { ["kind"] = "service", ["timeoutSeconds"] = 30 },
        };
        var arms = section["tenants"]![0]!["arms"]!;
        section["tenants"] = new JsonArray(
            Of("hold", arms, """{"request":["hook"],"answer":["hook"]}""", log: true),
            Of("chunks", arms, """{"answer":["hook"],"stream":"chunks","chunkCharacters":12}"""),
            Of("afterwards", arms, """{"answer":["hook"],"stream":"afterwards"}"""),
            Of("away", arms, """{"request":["away"]}"""),
            Of("lenient", arms, """{"request":["lenient"],"answer":["lenient"]}"""),
            Of("slow", arms, """{"request":["slow"]}"""),
            Of("upper", arms, """{"request":["hook","upper"],"answer":["upper"]}"""),
            Of("logged", arms, "{}", log: true),
            Of("other", arms, "{}"));
        _gateway = await RunningGateway.StartAsync(
            configuration,
            variable: name => name.StartsWith("KEY_", StringComparison.Ordinal) ? KeyOf(name[4..]) : name == "HOOK_KEY" ? "hook-key-0123456789" : TestConfiguration.Variable(name),
            services: services =>
            {
                services.AddKeyedSingleton<IGuardrail, UpperGuardrail>("upper");
                services.AddKeyedSingleton<IGuardrail, NeverGuardrail>("slow");
            });
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream!.DisposeAsync();
        await _hook!.DisposeAsync();
    }

    private static string KeyOf(string id) => $"{id}-key-0123456789";

    private static JsonObject Of(string id, JsonNode arms, string guardrails, bool log = false) => new()
    {
        ["id"] = id,
        ["keyEnvironments"] = new JsonArray($"KEY_{id}"),
        ["policy"] = "cheapest",
        ["arms"] = arms.DeepClone(),
        ["guardrails"] = JsonNode.Parse(guardrails),
        ["responseCache"] = new JsonObject { ["seconds"] = log ? 3600 : 0, ["similarity"] = 0.8 },
        ["requestLog"] = new JsonObject { ["enabled"] = log, ["redactPatterns"] = new JsonArray("order-[0-9]+"), ["maxBytes"] = 2048 },
    };

    private static bool Holds(JsonElement body, string word) => body.GetProperty("texts").EnumerateArray().Any(text => text.GetProperty("text").GetString()!.Contains(word, StringComparison.Ordinal));

    private static object Replaced(JsonElement body, string word, string other) => new
    {
        verdict = "replace", texts = body.GetProperty("texts").EnumerateArray().Select(text => text.GetProperty("text").GetString()!.Replace(word, other, StringComparison.Ordinal)),
    };

    private async Task LookAsync(HttpContext http)
    {
        using var document = await JsonDocument.ParseAsync(http.Request.Body);
        var body = document.RootElement.Clone();
        Looked.Enqueue((http.Request.Headers.Authorization, body));
        var isRequest = body.GetProperty("stage").GetString() == "request";
        await http.Response.WriteAsJsonAsync(isRequest && Holds(body, "bomb") ? new { verdict = "block", reason = "No weapons." }
            : !isRequest && Holds(body, "poison") ? new { verdict = "block" }
            : isRequest && Holds(body, "secret") ? Replaced(body, "secret", "[gone]")
            : !isRequest && Holds(body, "password") ? Replaced(body, "password", "********")
            : new { verdict = "allow" });
    }

    /// <summary>Says the last message, in pieces of three characters where it is streamed.</summary>
    private async Task EchoAsync(HttpContext http, string body)
    {
        using var asked = JsonDocument.Parse(body);
        var text = asked.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        Asked.Enqueue(text);
        if (!asked.RootElement.TryGetProperty("stream", out var stream) || !stream.GetBoolean())
        {
            await ScriptedUpstream.FailAsync(http, 200, JsonSerializer.Serialize(new
            {
                id = "up-1",
                model = "echo-2026",
                choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, logprobs = new { content = new[] { new { token = text } } }, finish_reason = "stop" } },
                usage = new { prompt_tokens = 10, completion_tokens = 5 },
            }));
            return;
        }

        await ScriptedUpstream.BeginAsync(http);
        for (var i = 0; i < text.Length; i += 3)
        {
            await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Text(text.Substring(i, Math.Min(3, text.Length - i)), i + 3 >= text.Length && !text.EndsWith("breaks off", StringComparison.Ordinal) ? "stop" : null));
        }

        if (text.EndsWith("breaks off", StringComparison.Ordinal))
        {
            return;
        }

        await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Usage(10, 5));
        await ScriptedUpstream.SendAsync(http, "[DONE]");
    }

    private sealed class UpperGuardrail : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) =>
            new(GuardrailVerdict.Replace([.. content.Texts.Select(text => text.Text.ToUpperInvariant())]));
    }

    /// <summary>Heeds nothing.</summary>
    private sealed class NeverGuardrail : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) => new(new TaskCompletionSource<GuardrailVerdict>().Task);
    }
}
