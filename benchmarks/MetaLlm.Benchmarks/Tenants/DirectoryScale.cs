using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Host;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MetaLlm.Benchmarks.Tenants;

/// <summary>
/// Starts a host whose directory holds many tenants, and measures what that costs: the start, readiness, the look-up of a key, and the way from the sign-up of a tenant to its first
/// answer. With <c>METALLM_BENCH_POSTGRES</c>, a connection string, in that database, which is emptied; else in a SQLite file.
/// </summary>
internal static class DirectoryScale
{
    private const string AdminKey = "bench-admin-key";
    private const int SignUps = 50;

    public static async Task<int> MeasureAsync(int tenants, TextWriter output)
    {
        var database = Environment.GetEnvironmentVariable("METALLM_BENCH_POSTGRES");
        var directory = Directory.CreateTempSubdirectory("metallm-bench-").FullName;
        try
        {
            var file = await WriteConfigurationAsync(directory, database is not null);
            await (await StartAsync(file, directory, database)).DisposeAsync();
            await SeedAsync(database, Path.Combine(directory, "metallm.db"), tenants);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{tenants} tenants in {(database is null ? "SQLite" : "PostgreSQL")}"));

            var began = Stopwatch.GetTimestamp();
            var host = await StartAsync(file, directory, database);
            await using var hostEnd = host;
            using var client = new HttpClient { BaseAddress = host.Addresses[0] };
            await ReportAsync(output, "start to listening, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
            await MeasureReadinessAsync(client, output);
            await MeasureSignUpsAsync(client, output);
            await ReportAsync(output, "working set, MB", Environment.WorkingSet / 1e6);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureReadinessAsync(HttpClient client, TextWriter output)
    {
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var began = Stopwatch.GetTimestamp();
            (await client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await ReportAsync(output, "readiness, ms", times);
    }

    private static async Task MeasureSignUpsAsync(HttpClient client, TextWriter output)
    {
        var (signUp, later) = (new List<double>(), new List<double>());
        for (var i = 0; i < SignUps; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"newcomer-{i}");
            var began = Stopwatch.GetTimestamp();
            await SendAsync(client, AdminKey, "/admin/v1/tenants", Document(id));
            var made = JsonNode.Parse(await SendAsync(client, AdminKey, $"/admin/v1/tenants/{id}/keys", "{}"))!;
            var key = (string)made["key"]!;
            await SendAsync(client, key, "/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"Hello"}]}""");
            signUp.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            later.Add(await TimeAsync(() => SendAsync(client, key, "/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"Hello"}]}""")));
        }

        await ReportAsync(output, "sign-up to first answer, ms", signUp);
        await ReportAsync(output, "answer after that, ms", later);
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var began = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<string> SendAsync(HttpClient client, string key, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }

    private static string Document(string id) => $$"""{"id":"{{id}}","arms":[{"id":"sim-nano","upstream":"sim","inputUsdPerMillion":1,"outputUsdPerMillion":2},{"id":"sim-lingo","upstream":"sim","inputUsdPerMillion":3,"outputUsdPerMillion":4}]}""";

    private static async Task<MetaLlmHost> StartAsync(string file, string directory, string? database)
    {
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                DataDirectory = directory,
                AnySiloPorts = true,
                Variable = name => name switch { "BENCH_ADMIN" => AdminKey, "BENCH_DATABASE" => database, _ => null },
                Logging = logging => logging.SetMinimumLevel(LogLevel.None),
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    private static async Task<string> WriteConfigurationAsync(string directory, bool postgres)
    {
        var section = new JsonObject
        {
            ["listen"] = new JsonArray("http://127.0.0.1:0"),
            ["admin"] = new JsonObject { ["keyEnvironment"] = "BENCH_ADMIN" },
            ["embeddings"] = new JsonObject { ["modelDirectory"] = "none", ["allowHashingFallback"] = true },
            ["upstreams"] = new JsonObject { ["sim"] = new JsonObject { ["kind"] = "simulator", ["timeScale"] = 0 } },
            ["storage"] = postgres ? new JsonObject { ["kind"] = "postgres", ["connectionEnvironment"] = "BENCH_DATABASE" } : new JsonObject { ["path"] = "metallm.db" },
        };
        var file = Path.Combine(directory, "metallm.json");
        await File.WriteAllTextAsync(file, new JsonObject { ["MetaLlm"] = section }.ToJsonString());
        return file;
    }

    /// <summary>Fills the directory by one statement: its own way would take minutes and tell nothing.</summary>
    private static async Task SeedAsync(string? database, string file, int tenants)
    {
        await using System.Data.Common.DbConnection connection = database is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString())
            : new NpgsqlConnection(database);
        await connection.OpenAsync();
        var (series, text, blob) = database is null
            ? ($"(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {tenants}) SELECT i FROM s)", "printf('%016x', i)", "zeroblob(32)")
            : ($"(SELECT generate_series(1, {tenants}) AS i)", "lpad(to_hex(i), 16, '0')", "decode(repeat('00', 32), 'hex')");
        var document = Document("tenant-?").Replace("tenant-?", "tenant-' || i || '", StringComparison.Ordinal);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText = $"""
            DELETE FROM directory_tenants; DELETE FROM directory_keys; DELETE FROM directory_audit;
            INSERT INTO directory_tenants (tenant, revision, document, created_at, updated_at) SELECT 'tenant-' || i, i, '{document}', 0, 0 FROM {series} AS numbers;
            INSERT INTO directory_keys (key_id, tenant, rights, salt, hash, created_at) SELECT {text}, 'tenant-' || i, 'chat', {blob}, {blob}, 0 FROM {series} AS numbers;
            INSERT INTO directory_audit (revision, at, actor, action, tenant, after) SELECT i, 0, 'bench', 'create_tenant', 'tenant-' || i, '{document}' FROM {series} AS numbers;
            UPDATE directory_head SET revision = {tenants};
            """;
        await command.ExecuteNonQueryAsync();
    }

    private static Task ReportAsync(TextWriter output, string what, double value) =>
        output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {value:F2}"));

    private static Task ReportAsync(TextWriter output, string what, List<double> values)
    {
        values.Sort();
        return output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what,-32} p50 {values[values.Count / 2]:F2}, p95 {values[values.Count * 95 / 100]:F2}, most {values[^1]:F2}"));
    }
}
