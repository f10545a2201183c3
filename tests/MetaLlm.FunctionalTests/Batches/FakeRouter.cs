using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>What a batch sees of a router, on loopback: two models, and answers that the test writes.</summary>
internal sealed class FakeRouter : IAsyncDisposable
{
    /// <summary>Most that a call of model a can cost, USD; b costs at most what it costs.</summary>
    public const double HeldUsd = 0.01;
    public const double PaidUsd = 0.001;

    /// <summary>An answer of a decision.</summary>
    public const string Answer = """{"choices":[{"message":{"role":"assistant","content":"done"}}]}""";

    private readonly WebApplication _app;

    private FakeRouter(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <param name="chat">Answers a call; it is given the body and the number of the call, from 1.</param>
    /// <param name="decision">Says what a decision has cost; it is given the number of the question, from 1. Null to say <see cref="PaidUsd"/>.</param>
    public static async Task<FakeRouter> StartAsync(Func<HttpContext, string, int, Task> chat, Func<HttpContext, int, Task>? decision = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var (calls, questions) = (0, 0);
        app.MapPost("/v1/assess", async (HttpContext http) =>
        {
            using var asked = await JsonDocument.ParseAsync(http.Request.Body);
            var one = $$"""{"arms":[{"id":"a","quality":0.9,"quality_deviation":0,"cost_usd":0.0001,"bound_usd":{{HeldUsd}}},{"id":"b","quality":0.5,"quality_deviation":0,"cost_usd":0.0001,"bound_usd":{{PaidUsd}}}]}""";
            await WriteAsync(http, 200, $$"""{"data":[{{string.Join(',', asked.RootElement.GetProperty("requests").EnumerateArray().Select(_ => one))}}]}""");
        });
        app.MapPost("/v1/chat/completions", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            await UntilGoneAsync(http, chat(http, await reader.ReadToEndAsync(), Interlocked.Increment(ref calls)));
        });
        app.MapGet("/v1/decisions/{id}", (HttpContext http) => UntilGoneAsync(
            http, (decision ?? ((context, _) => SettleAsync(context)))(http, Interlocked.Increment(ref questions))));
        var router = new FakeRouter(app);
        await app.StartAsync();
        return router;
    }

    /// <summary>An answer with a decision, and whether it is that of an earlier call.</summary>
    public static Task AnswerAsync(HttpContext http, bool isReplayed = false)
    {
        http.Response.Headers["x-metallm-decision-id"] = "d";
        if (isReplayed)
        {
            http.Response.Headers["x-metallm-replayed"] = "true";
        }

        return WriteAsync(http, 200, Answer);
    }

    /// <summary>A decision that was settled.</summary>
    public static Task SettleAsync(HttpContext http) => WriteAsync(http, 200, $$"""{"settlement":{},"attempts":[{"cost_usd":{{PaidUsd}}}]}""");

    /// <summary>Leaves the client waiting until it goes.</summary>
    public static Task HangAsync(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted);

    public static Task WriteAsync(HttpContext http, int status, string body)
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, "application/json");
        return http.Response.WriteAsync(body);
    }

    /// <summary>A server that has one answer to whatever it is asked.</summary>
    public static async Task<FakeRouter> RefuseAsync(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http => WriteAsync(http, status, body));
        var router = new FakeRouter(app);
        await app.StartAsync();
        return router;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task UntilGoneAsync(HttpContext http, Task answer)
    {
        try
        {
            await answer;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // As the test wants it.
        }
    }
}
