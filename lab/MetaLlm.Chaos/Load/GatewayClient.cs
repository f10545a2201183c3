using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MetaLlm.Chaos.Load;

/// <summary>Sends one request to one host and says what became of it; it never throws but when it is told to stop.</summary>
internal static class GatewayClient
{
    private const string DecisionHeader = "x-metallm-decision-id";
    private const string Data = "data: ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Posts a body.</summary>
    /// <param name="backend">To which host.</param>
    /// <param name="key">The tenant's key.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">The body.</param>
    /// <param name="stop">Gives up.</param>
    public static Task<Attempt> PostAsync(Backend backend, string key, string path, object body, CancellationToken stop) =>
        SendAsync(backend, () => Request(HttpMethod.Post, path, key, JsonContent.Create(body)), stop);

    /// <summary>Gets a resource.</summary>
    /// <param name="backend">From which host.</param>
    /// <param name="key">The tenant's key.</param>
    /// <param name="path">The path.</param>
    /// <param name="stop">Gives up.</param>
    public static Task<Attempt> GetAsync(Backend backend, string key, string path, CancellationToken stop) =>
        SendAsync(backend, () => Request(HttpMethod.Get, path, key, null), stop);

    private static HttpRequestMessage Request(HttpMethod method, string path, string key, HttpContent? content) => new(method, path)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        Content = content,
    };

    private static async Task<Attempt> SendAsync(Backend backend, Func<HttpRequestMessage> request, CancellationToken stop)
    {
        var (http, givenUp) = backend.Connections;
        string? decision = null;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var any = CancellationTokenSource.CreateLinkedTokenSource(stop, givenUp, limit.Token);
            using var message = request();
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, any.Token);
            decision = response.IsSuccessStatusCode && response.Headers.TryGetValues(DecisionHeader, out var values) ? values.First() : null;
            await using var body = await response.Content.ReadAsStreamAsync(any.Token);
            return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? await ReadStreamAsync(body, decision, any.Token)
                : await ReadPlainAsync(body, (int)response.StatusCode, decision, any.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or ObjectDisposedException)
        {
            return Attempt.Failed(givenUp.IsCancellationRequested ? Attempt.MarkedDown : Attempt.Connection, decisionId: decision);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Attempt.Failed(limit.IsCancellationRequested ? Attempt.TimedOut : Attempt.MarkedDown, decisionId: decision);
        }
    }

    private static async Task<Attempt> ReadPlainAsync(Stream body, int status, string? decision, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        var root = document.RootElement.Clone();
        return status == 200 ? new Attempt(status, null, decision, root) : Attempt.Failed(Code(root), status, decision);
    }

    private static async Task<Attempt> ReadStreamAsync(Stream body, string? decision, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(Data, StringComparison.Ordinal))
            {
                continue;
            }

            if (line.AsSpan(Data.Length) is "[DONE]")
            {
                return new Attempt(200, null, decision, default);
            }

            using var document = JsonDocument.Parse(line.AsMemory(Data.Length));
            if (document.RootElement.TryGetProperty("error", out _))
            {
                return Attempt.Failed(Code(document.RootElement), 200, decision);
            }
        }

        return Attempt.Failed(Attempt.Broken, 200, decision);
    }

    private static string Code(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) && error.TryGetProperty("code", out var code)
            ? code.GetString() ?? "none"
            : "none";
}
