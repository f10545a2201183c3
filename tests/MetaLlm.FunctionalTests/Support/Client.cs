using System.Net.Http.Headers;
using System.Text;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>A client with a key of its own.</summary>
internal sealed class Client(HttpClient http, string? key)
{
    public Task<Reply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Reply> PostAsync(string path, object body, params (string Name, string Value)[] headers) =>
        PostTextAsync(path, JsonSerializer.Serialize(body), "application/json", headers);

    public Task<Reply> PostTextAsync(string path, string body, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request);
    }

    public Task<Reply> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request);
    }

    public Task<Reply> ChatAsync(string text, string model = "auto", params (string Name, string Value)[] headers) =>
        PostAsync("/v1/chat/completions", Chat(text, model), headers);

    /// <summary>Starts a stream; the caller reads it.</summary>
    public Task<HttpResponseMessage> StreamAsync(object body, CancellationToken cancellationToken = default) => StreamAsync(body, "/v1/chat/completions", cancellationToken);

    public Task<HttpResponseMessage> StreamAsync(object body, string path, CancellationToken cancellationToken = default)
    {
        var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return http.SendAsync(
            Authorized(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
    }

    /// <summary>Starts a call with an idempotency key; the caller reads its answer.</summary>
    public Task<HttpResponseMessage> KeyedAsync(object body, string path, string idempotencyKey, CancellationToken cancellationToken)
    {
        var request = Authorized(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") });
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Polls a decision until it looks as expected; a process boundary of its own (an aborted connection) forces it.</summary>
    public async Task<JsonElement> DecisionAsync(string id, Func<JsonElement, bool> expected) => (await Eventually.ReadAsync(
        "the decision looks as expected", () => GetAsync($"/v1/decisions/{id}"), reply => expected(reply.Json), reply => reply.Text, TimeSpan.FromSeconds(15))).Json;

    public static object Chat(string text, string model = "auto") =>
        new { model, messages = new[] { new { role = "user", content = text } } };

    private async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(Authorized(request));
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    private HttpRequestMessage Authorized(HttpRequestMessage request)
    {
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }
}
