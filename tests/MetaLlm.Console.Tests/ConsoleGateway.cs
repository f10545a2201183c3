using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Host;
using MetaLlm.TestKit;
using Microsoft.Extensions.Logging;

namespace MetaLlm.WebConsole.Tests;

/// <summary>A gateway with a console, in a directory of its own.</summary>
internal sealed class ConsoleGateway : IAsyncDisposable
{
    public const string AdminKey = "admin-key-0123456789";
    public const string AlphaKey = "alpha-key-0123456789";

    /// <summary>More than a server takes as a body by itself.</summary>
    public const int WarmStartBytes = 32_000_000;

    /// <summary>Markup where people write what they like.</summary>
    public const string HostileTask = "<b id=xss>bold</b><script>alert('task')</script>";
    public const string HostileModel = "sim-<i id=xss onmouseover=alert(1)>coder</i>";
    public const string HostilePrompt = "</pre><img id=xss src=x onerror=alert('prompt')>What is 6 * 7?";

    private readonly TemporaryDirectory _directory;

    private readonly ConcurrentQueue<WatchedCall> _calls;

    private ConsoleGateway(TemporaryDirectory directory, MetaLlmHost host, ConcurrentQueue<WatchedCall> calls) =>
        (_directory, _calls, Host, Client) = (directory, calls, host, NewClient(host.Addresses[0]));

    public MetaLlmHost Host { get; }

    /// <summary>Without cookies, and following no redirect.</summary>
    public HttpClient Client { get; }

    public Uri Address => Host.Addresses[0];

    public static async Task<ConsoleGateway> StartAsync(bool hasConsole = true, bool hasAdminKey = true)
    {
        var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "metallm.json");
        await File.WriteAllTextAsync(file, Configuration(hasConsole, hasAdminKey).ToJsonString());
        var calls = new ConcurrentQueue<WatchedCall>();
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                DataDirectory = directory.Path,
                AnySiloPorts = true,
                Variable = name => name switch { "TEST_ADMIN_KEY" => AdminKey, "TEST_ALPHA_KEY" => AlphaKey, "TEST_BETA_KEY" => "beta-key-0123456789", _ => null },
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
                Services = services =>
                {
                    LateDirectory.Add(services);
                    Watched<ITenantEngine>.Add(services, calls);
                    Watched<IUsageSums>.Add(services, calls);
                },
                Simulator = options => options with { TasksPerType = 5 },
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return new ConsoleGateway(directory, host, calls);
    }

    /// <summary>What engine and sums were asked since this was called last.</summary>
    public IReadOnlyList<WatchedCall> TakeCalls()
    {
        var calls = new List<WatchedCall>();
        while (_calls.TryDequeue(out var call))
        {
            calls.Add(call);
        }

        return calls;
    }

    /// <summary>A client with cookies of its own.</summary>
    public HttpClient NewClient() => NewClient(Address);

    /// <summary>Serves some requests and learns from feedback: the first ones in order, what is beyond a few hundred side by side.</summary>
    /// <returns>The id of a decision with feedback.</returns>
    public async Task<string> ServeAsync(int requests)
    {
        const int InOrder = 200;
        var first = await ServeOneAsync(0);
        for (var i = 1; i < Math.Min(requests, InOrder); i++)
        {
            await ServeOneAsync(i);
        }

        await Parallel.ForEachAsync(Enumerable.Range(InOrder, Math.Max(0, requests - InOrder)), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await ServeOneAsync(i));
        return first;
    }

    /// <summary>Makes a key that manages.</summary>
    /// <returns>Its text and its id.</returns>
    public async Task<(string Text, string Id)> MakeKeyAsync(string role, int? seconds = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/admin/v1/keys", AdminKey, seconds is null ? new { name = role, role } : new { name = role, role, expires_in_seconds = seconds });
        answer.EnsureSuccessStatusCode();
        var key = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (key.GetProperty("key").GetString()!, key.GetProperty("id").GetString()!);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", key);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync(CancellationToken.None);
        await Host.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<string> ServeOneAsync(int i)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/v1/chat/completions", AlphaKey, new
        {
            model = "auto",
            messages = new[] { new { role = "user", content = i == 0 ? HostilePrompt : $"What is {i} * 7?" } },
            metallm = new { task = i == 0 ? HostileTask : i % 2 == 0 ? "arithmetic" : "chat" },
        });
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!["chatcmpl-".Length..];
        if (i % 3 != 1)
        {
            using var feedback = await SendAsync(HttpMethod.Post, "/v1/feedback", AlphaKey, new { decision_id = id, reward = i % 4 == 3 ? 0.25 : 1, comment = HostilePrompt });
            feedback.EnsureSuccessStatusCode();
        }

        return id;
    }

    private static HttpClient NewClient(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    private static JsonObject Configuration(bool hasConsole, bool hasAdminKey)
    {
        var settings = new JsonObject
        {
            ["listen"] = new JsonArray("http://127.0.0.1:0"),
            ["limits"] = new JsonObject { ["warmStartBytes"] = WarmStartBytes },
            ["storage"] = new JsonObject { ["path"] = "unused.db" },
            ["embeddings"] = new JsonObject { ["modelDirectory"] = "no-model-so-that-words-are-hashed", ["allowHashingFallback"] = true },
            ["upstreams"] = new JsonObject { ["sim"] = new JsonObject { ["kind"] = "simulator", ["timeScale"] = 0 } },
            ["tenants"] = new JsonArray(Tenant("alpha", "TEST_ALPHA_KEY"), Tenant("beta", "TEST_BETA_KEY")),
        };
        if (hasConsole)
        {
            settings["console"] = new JsonObject { ["enabled"] = true };
        }

        if (hasAdminKey)
        {
            settings["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        }

        return new JsonObject { ["MetaLlm"] = settings };
    }

    private static JsonObject Tenant(string id, string keyVariable) => new()
    {
        ["id"] = id,
        ["keyEnvironments"] = new JsonArray(keyVariable),
        ["seed"] = 7,
        ["budget"] = new JsonObject { ["usdPerRequest"] = 0.001, ["usdPerDay"] = 5 },
        ["requestLog"] = new JsonObject { ["enabled"] = true },
        ["arms"] = new JsonArray(Arm("sim-nano", "sim-nano", 0.05), Arm(HostileModel, "sim-coder", 0.3), Arm("sim-large", "sim-large", 2.5)),
    };

    private static JsonObject Arm(string id, string model, double usd) =>
        new() { ["id"] = id, ["upstream"] = "sim", ["model"] = model, ["inputUsdPerMillion"] = usd, ["outputUsdPerMillion"] = usd * 4 };
}
