using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A chat request as it reached the upstream, and the means to answer it well or badly.</summary>
/// <param name="http">The exchange.</param>
/// <param name="asked">The request's body.</param>
internal sealed class UpstreamCall(HttpContext http, JsonElement asked)
{
    /// <summary>The exchange itself.</summary>
    public HttpContext Http { get; } = http;

    public JsonElement Asked { get; } = asked;

    public string Model { get; } = asked.GetProperty("model").GetString()!;

    public bool Stream { get; } = asked.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    public int Choices { get; } = asked.TryGetProperty("n", out var n) ? n.GetInt32() : 1;

    /// <summary>Most tokens per choice that the request allows; null without a limit.</summary>
    public int? MaxTokens { get; } = Number(asked, "max_completion_tokens") ?? Number(asked, "max_tokens");

    /// <summary>The first message's text; empty where it has none.</summary>
    public string Text { get; } = asked.TryGetProperty("messages", out var messages) && messages[0].TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Empty;

    /// <summary>Whether the caller wants a usage count at the end of its stream.</summary>
    public bool WantsUsage => Has("stream_options") && Asked.GetProperty("stream_options").TryGetProperty("include_usage", out var usage) && usage.GetBoolean();

    /// <summary>Ends when the caller hangs up.</summary>
    public CancellationToken Left => Http.RequestAborted;

    public bool Has(string member) => Asked.TryGetProperty(member, out _);

    public Task JsonAsync(int status, object answer, params (string Name, string Value)[] headers) =>
        TextAsync(status, JsonSerializer.Serialize(answer), "application/json", headers);

    public async Task TextAsync(int status, string text, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Begin(status, contentType, headers);
        Http.Response.ContentLength = bytes.Length;
        await Http.Response.Body.WriteAsync(bytes, Left);
    }

    /// <summary>Sends headers that promise a whole answer, half of it, and breaks the connection.</summary>
    public async Task HalfAsync(object answer)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer);
        Begin(StatusCodes.Status200OK, "application/json");
        Http.Response.ContentLength = bytes.Length;
        await Http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), Left);
        await Http.Response.Body.FlushAsync(Left);
        Reset();
    }

    public Task EventAsync(object data) => EventAsync(JsonSerializer.Serialize(data));

    public Task EventAsync(string data) => RawAsync($"data: {data}\n\n");

    public Task DoneAsync() => EventAsync("[DONE]");

    /// <summary>Writes to the stream as is, and flushes.</summary>
    public async Task RawAsync(string text)
    {
        if (!Http.Response.HasStarted)
        {
            Begin(StatusCodes.Status200OK, "text/event-stream");
            Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }

        await Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), Left);
        await Http.Response.Body.FlushAsync(Left);
    }

    /// <summary>Says nothing more until the caller has hung up.</summary>
    public async Task HangAsync()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Left.Register(left.SetResult);
        await left.Task;
    }

    /// <summary>Breaks the connection.</summary>
    public void Reset() => Http.Abort();

    private static int? Number(JsonElement asked, string name) =>
        asked.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private void Begin(int status, string contentType, params (string Name, string Value)[] headers)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            Http.Response.Headers[name] = value;
        }
    }
}
