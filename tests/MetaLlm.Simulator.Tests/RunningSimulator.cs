using System.Net.Http.Json;
using System.Text;

namespace MetaLlm.Simulator.Tests;

/// <summary>A simulator on a free port with a client for it; no waiting unless a test asks for it.</summary>
internal sealed class RunningSimulator : IAsyncDisposable
{
    private RunningSimulator(SimulatorServer server)
    {
        Server = server;
        Client = new HttpClient { BaseAddress = server.BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
    }

    public SimulatorServer Server { get; }

    public HttpClient Client { get; }

    public SimTask AnyTask => Server.Catalog.Tasks[0];

    public static async Task<RunningSimulator> StartAsync(Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        var options = new SimulatorOptions { TimeScale = 0, TasksPerType = 20 };
        return new RunningSimulator(await SimulatorServer.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None));
    }

    public static Dictionary<string, object?> Chat(string model, string prompt) => new()
    {
        ["model"] = model,
        ["messages"] = new[] { new { role = "user", content = prompt } },
    };

    public Task<HttpResponseMessage> AskAsync(string model, string prompt, bool stream = false, string? fault = null) =>
        PostAsync(stream ? With(Chat(model, prompt), ("stream", true), ("stream_options", new { include_usage = true })) : Chat(model, prompt), fault);

    public Task<HttpResponseMessage> PostAsync(object body, string? fault = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(body) };
        if (fault is not null)
        {
            request.Headers.Add("x-sim-fault", fault);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public Task<HttpResponseMessage> PostTextAsync(string path, string body) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<string> ReplyAsync(string model, string prompt)
    {
        using var response = await AskAsync(model, prompt);
        var body = await ReadAsync(response);
        return body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    public static Dictionary<string, object?> With(Dictionary<string, object?> body, params (string Name, object? Value)[] fields)
    {
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return body;
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>The payloads of a stream's events.</summary>
    public static async Task<List<string>> EventsAsync(HttpResponseMessage response)
    {
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        return [.. lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
