using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A provider on loopback, with connections of its own, whose answers the test writes.</summary>
internal sealed class LoopbackUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<UpstreamCall, Task>> _byModel = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly Func<UpstreamCall, Task> _otherwise;

    private LoopbackUpstream(WebApplication app, Func<UpstreamCall, Task> otherwise)
    {
        _app = app;
        _otherwise = otherwise;
        app.MapPost("/v1/chat/completions", AnswerAsync);
        app.MapPost("/v1/completions", AnswerAsync);
        app.MapPost("/v1/embeddings", AnswerAsync);
        app.MapPost("/v1/messages", AnswerAsync);
    }

    public Uri Address => new(new Uri(_app.Urls.Single()), "v1");

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <param name="otherwise">Answers for models that no script was given.</param>
    public static async Task<LoopbackUpstream> StartAsync(Func<UpstreamCall, Task> otherwise)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new LoopbackUpstream(builder.Build(), otherwise);
        await upstream._app.StartAsync();
        return upstream;
    }

    /// <summary>Says how a model answers from now on.</summary>
    public void On(string model, Func<UpstreamCall, Task> answer) => _byModel[model] = answer;

    /// <summary>How many calls of a model have come.</summary>
    public int Calls(string model) => _calls.GetValueOrDefault(model);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        UpstreamCall call;
        using (var asked = await JsonDocument.ParseAsync(http.Request.Body))
        {
            call = new UpstreamCall(http, asked.RootElement.Clone());
        }

        _calls.AddOrUpdate(call.Model, 1, (_, count) => count + 1);
        try
        {
            await (_byModel.TryGetValue(call.Model, out var answer) ? answer : _otherwise)(call);
        }
        catch (OperationCanceledException) when (call.Left.IsCancellationRequested)
        {
            // The caller hung up, as some scripts want it to.
        }
    }
}
