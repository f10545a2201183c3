using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>An upstream that answers each model as a test says.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly LoopbackUpstream _upstream;

    private ScriptedUpstream(LoopbackUpstream upstream) => _upstream = upstream;

    public ConcurrentQueue<string> Called { get; } = [];

    public Uri Address => _upstream.Address;

    public static async Task<ScriptedUpstream> StartAsync() =>
        new(await LoopbackUpstream.StartAsync(call => throw new InvalidOperationException($"The test says nothing of model '{call.Model}'.")));

    /// <summary>Says how a model answers; it is given the request's body.</summary>
    public void On(string model, Func<HttpContext, string, Task> answer) => _upstream.On(model, call =>
    {
        Called.Enqueue(model);
        return answer(call.Http, call.Asked.GetRawText());
    });

    /// <summary>A configuration whose tenants have the models as arms, the first one being the cheapest, and choose the cheapest.</summary>
    public JsonObject Configure(params string[] models)
    {
        var configuration = TestConfiguration.Create();
        Configure(configuration, models);
        return configuration;
    }

    /// <summary>Gives the tenants of a configuration the models as arms, the first one being the cheapest, which they choose.</summary>
    public void Configure(JsonObject configuration, params string[] models)
    {
        var section = configuration["MetaLlm"]!.AsObject();
        section["upstreams"]!["scripted"] = new JsonObject { ["kind"] = "openai", ["baseUrl"] = _upstream.Address.ToString() };
        foreach (var tenant in section["tenants"]!.AsArray())
        {
            tenant!["policy"] = "cheapest";
            tenant["arms"] = new JsonArray([.. models.Select((model, i) =>
            {
                var arm = TestConfiguration.Arm(model, upstream: "scripted");
                (arm["inputUsdPerMillion"], arm["outputUsdPerMillion"]) = (1.0 + i, 2.0 + i);
                return arm;
            })]);
        }
    }

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    /// <summary>Begins a stream.</summary>
    public static Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.Body.FlushAsync();
    }

    public static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>An event with text.</summary>
    public static string Text(string text, string? finish = null) => JsonSerializer.Serialize(new { id = "u", choices = new[] { new { index = 0, delta = new { content = text }, finish_reason = finish } } });

    public static string Usage(int input, int output) => 
        JsonSerializer.Serialize(new { id = "u", choices = Array.Empty<object>(), usage = new { prompt_tokens = input, completion_tokens = output } });

    /// <summary>A whole answer, streamed or not.</summary>
    public static async Task AnswerAsync(HttpContext context, string body)
    {
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await FailAsync(context, 200, """{"id":"u","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2}}""");
            return;
        }

        await BeginAsync(context);
        await SendAsync(context, Text("Hello.", "stop"));
        await SendAsync(context, Usage(10, 2));
        await SendAsync(context, "[DONE]");
    }

    public static Task FailAsync(HttpContext context, int status, string json = """{"error":{"message":"no"}}""")
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.WriteAsync(json);
    }
}
