using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Host;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Benchmarks.Tenants;

/// <summary>A whole host with a directory of tenants and the simulator for a provider, and how it is spoken to and reported on.</summary>
internal static class BenchHost
{
    /// <summary>The admin key of the host.</summary>
    public const string AdminKey = "bench-admin-key";

    /// <summary>The smallest chat request.</summary>
    public const string Chat = """{"model":"auto","messages":[{"role":"user","content":"Hello"}]}""";

    /// <summary>Connection string of the PostgreSQL database to measure in; null for a SQLite file.</summary>
    public static string? Database { get; } = Environment.GetEnvironmentVariable(Engines.EngineStage.PostgresVariable) is { Length: > 0 } database ? database : null;

    /// <summary>Name of the store.</summary>
    public static string Store => Database is null ? "SQLite" : "PostgreSQL";

    /// <summary>A tenant with two models.</summary>
    public static string Document(string id) => $$"""{"id":"{{id}}","arms":[{"id":"sim-nano","upstream":"sim","inputUsdPerMillion":1,"outputUsdPerMillion":2},{"id":"sim-lingo","upstream":"sim","inputUsdPerMillion":3,"outputUsdPerMillion":4}]}""";

    /// <summary>Writes a host's configuration.</summary>
    /// <param name="directory">Where; the SQLite file lies there too.</param>
    /// <param name="idleAgeSeconds">Time without calls after which a tenant leaves memory.</param>
    /// <returns>The file.</returns>
    public static async Task<string> WriteConfigurationAsync(string directory, int idleAgeSeconds = 300)
    {
        var section = new JsonObject
        {
            ["listen"] = new JsonArray("http://127.0.0.1:0"),
            ["admin"] = new JsonObject { ["keyEnvironment"] = "BENCH_ADMIN" },
            ["embeddings"] = new JsonObject { ["modelDirectory"] = "none", ["allowHashingFallback"] = true },
            ["runtime"] = new JsonObject { ["idleAgeSeconds"] = idleAgeSeconds },
            ["upstreams"] = new JsonObject { ["sim"] = new JsonObject { ["kind"] = "simulator", ["timeScale"] = 0 } },
            ["storage"] = Database is null ? new JsonObject { ["path"] = "metallm.db" } : new JsonObject { ["kind"] = "postgres", ["connectionEnvironment"] = "BENCH_DATABASE" },
        };
        var file = Path.Combine(directory, "metallm.json");
        await File.WriteAllTextAsync(file, new JsonObject { ["MetaLlm"] = section }.ToJsonString());
        return file;
    }

    /// <summary>Starts a host.</summary>
    public static async Task<MetaLlmHost> StartAsync(string file, string directory)
    {
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                DataDirectory = directory,
                AnySiloPorts = true,
                Variable = name => name switch { "BENCH_ADMIN" => AdminKey, "BENCH_DATABASE" => Database, _ => null },
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Posts a body.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The status is no success.</exception>
    public static async Task<string> SendAsync(HttpClient client, string key, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }

    /// <summary>Signs a tenant up.</summary>
    /// <returns>A key of it.</returns>
    public static async Task<string> SignUpAsync(HttpClient client, string tenant)
    {
        await SendAsync(client, AdminKey, "/admin/v1/tenants", Document(tenant));
        return (string)JsonNode.Parse(await SendAsync(client, AdminKey, $"/admin/v1/tenants/{tenant}/keys", "{}"))!["key"]!;
    }

    /// <summary>Writes a number.</summary>
    public static Task ReportAsync(TextWriter output, string what, double value) =>
        output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {value:N2}"));

    /// <summary>Writes how numbers are spread.</summary>
    public static Task ReportAsync(TextWriter output, string what, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{what,-44} p50 {sorted[sorted.Length / 2]:F2}, p95 {sorted[sorted.Length * 95 / 100]:F2}, p99 {sorted[sorted.Length * 99 / 100]:F2}, most {sorted[^1]:F2}"));
    }
}
