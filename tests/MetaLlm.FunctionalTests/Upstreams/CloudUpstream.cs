using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>
/// A provider on loopback that speaks a format of its own, as its documentation has it: it refuses what the format does not allow, thinks where it is asked to, calls
/// the tools that it is given until their results are there, and then says how many it saw. The model's name says how it fails.
/// </summary>
internal abstract class CloudUpstream : IAsyncDisposable
{
    /// <summary>What it thinks.</summary>
    public const string Thought = "Let me think of it.";

    /// <summary>What it says.</summary>
    public const string Words = "Hello there.";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _requests = new();

    /// <param name="pattern">Addresses that it answers.</param>
    protected CloudUpstream(string pattern)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost(pattern, AnswerAsync);
    }

    /// <summary>Where official clients are pointed.</summary>
    public Uri Root => new(_app.Urls.Single());

    /// <summary>Requests that were well-formed, in order of arrival.</summary>
    public IReadOnlyCollection<JsonElement> Requests => _requests;

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Answers a request.</summary>
    /// <param name="http">The exchange.</param>
    /// <param name="body">The body.</param>
    protected abstract Task AnswerAsync(HttpContext http, byte[] body);

    /// <summary>What it says to a request: it fills the form that it is given, and says that it was shown something.</summary>
    protected static string Said(JsonElement asked) => asked.GetRawText() switch
    {
        var text when text.Contains("\"responseJsonSchema\"", StringComparison.Ordinal) || text.Contains("\"outputConfig\"", StringComparison.Ordinal) => """{"answer":42}""",
        var text when text.Contains("\"inlineData\"", StringComparison.Ordinal) || text.Contains("\"bytes\"", StringComparison.Ordinal) => "I see it.",
        _ => Words,
    };

    /// <summary>Keeps a request that is well-formed.</summary>
    protected void Keep(JsonElement asked) => _requests.Enqueue(asked);

    protected static async Task JsonAsync(HttpContext http, int status, object body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body), http.RequestAborted);
    }

    protected static async Task PieceAsync(HttpContext http, string type, byte[] piece)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = type;
        }

        await http.Response.Body.WriteAsync(piece, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (http.Request.Path.Value!.Contains("-staying", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        if (http.Request.Path.Value!.Contains("-objecting", StringComparison.Ordinal))
        {
            await JsonAsync(http, 400, new { message = "I object.", error = new { code = 400, message = "I object.", status = "INVALID_ARGUMENT" } });
            return;
        }

        await AnswerAsync(http, body.ToArray());
    }
}
