using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MetaLlm.Benchmarks.Tenants;

/// <summary>
/// Starts a host whose directory holds many tenants, and measures what that costs: the start, readiness, the look-up of a key, and the way from the sign-up of a tenant to its first
/// answer. With <c>METALLM_BENCH_POSTGRES</c>, a connection string, in that database, which is emptied; else in a SQLite file.
/// </summary>
internal static class DirectoryScale
{
    private const int SignUps = 50;

    public static async Task<int> MeasureAsync(int tenants, TextWriter output)
    {
        var database = BenchHost.Database;
        var directory = Directory.CreateTempSubdirectory("metallm-bench-").FullName;
        try
        {
            var file = await BenchHost.WriteConfigurationAsync(directory);
            await (await BenchHost.StartAsync(file, directory)).DisposeAsync();
            await SeedAsync(database, Path.Combine(directory, "metallm.db"), tenants);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{tenants} tenants in {BenchHost.Store}"));

            var began = Stopwatch.GetTimestamp();
            var host = await BenchHost.StartAsync(file, directory);
            await using var hostEnd = host;
            using var client = new HttpClient { BaseAddress = host.Addresses[0] };
            await BenchHost.ReportAsync(output, "start to listening, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
            await MeasureReadinessAsync(client, output);
            await MeasureSignUpsAsync(client, output);
            await BenchHost.ReportAsync(output, "working set, MB", Environment.WorkingSet / 1e6);
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

        await BenchHost.ReportAsync(output, "readiness, ms", times);
    }

    private static async Task MeasureSignUpsAsync(HttpClient client, TextWriter output)
    {
        var (signUp, later) = (new List<double>(), new List<double>());
        for (var i = 0; i < SignUps; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"newcomer-{i}");
            var began = Stopwatch.GetTimestamp();
            var key = await BenchHost.SignUpAsync(client, id);
            await BenchHost.SendAsync(client, key, "/v1/chat/completions", BenchHost.Chat);
            signUp.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            later.Add(await TimeAsync(() => BenchHost.SendAsync(client, key, "/v1/chat/completions", BenchHost.Chat)));
        }

        await BenchHost.ReportAsync(output, "sign-up to first answer, ms", signUp);
        await BenchHost.ReportAsync(output, "answer after that, ms", later);
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var began = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
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
        var document = BenchHost.Document("tenant-?").Replace("tenant-?", "tenant-' || i || '", StringComparison.Ordinal);
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
}
