using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;

namespace MetaLlm.FunctionalTests.Durability;

/// <summary>What is stored of one tenant cannot be read any more.</summary>
public sealed class DamageTests
{
    private static readonly string[] Tenants = ["zero", "cut", "foreign", "whole"];

    [Fact]
    public async Task Snapshots_that_cannot_be_read_are_rebuilt_and_replaced_on_SQLite()
    {
        var directory = Directory.CreateTempSubdirectory("metallm-damage-").FullName;
        var file = $"Data Source={Path.Combine(directory, "metallm.db")};Pooling=False";
        await SnapshotsAreReplacedAsync(Configuration(null), directory, Variable, () => new SqliteConnection(file));
        Directory.Delete(directory, recursive: true);
    }

    [PostgresFact]
    public async Task Snapshots_that_cannot_be_read_are_rebuilt_and_replaced_on_PostgreSQL()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("metallm-damage-").FullName;
        var storage = new JsonObject { ["kind"] = "postgres", ["connectionEnvironment"] = "TEST_DATABASE" };
        await SnapshotsAreReplacedAsync(
            Configuration(storage), directory, name => name == "TEST_DATABASE" ? database : Variable(name), () => new NpgsqlConnection(database + ";Pooling=False"));
        Directory.Delete(directory, recursive: true);
        await server.DropDatabaseAsync(database);
    }

    [Theory]
    [InlineData("kind = 99")]
    [InlineData("configuration = x'7b'")]
    [InlineData("configuration = CAST(replace(configuration, '\"policy\":\"metallm\"', '\"policy\":\"no-such-policy\"') AS BLOB)")]
    public async Task A_tenant_whose_journal_cannot_be_read_is_refused_and_no_other(string damage)
    {
        var gateway = await RunningGateway.StartAsync();
        (await gateway.Alpha.ChatAsync("Hello?")).Ok();
        await gateway.StopAsync();
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(gateway.Directory, "metallm.db")};Pooling=False"))
        {
            await database.ExecuteAsync(
                $"UPDATE events SET {damage} WHERE sequence = 1 AND tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = 'alpha'); DELETE FROM orleans_grain_state");
        }

        using var log = new ErrorLog();
        await using var again = await RunningGateway.StartAsync(directory: gateway.Directory, log: log);

        var refusal = await again.Alpha.ChatAsync("Hello?");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "tenant_unavailable"), (refusal.Status, refusal.Code));
        Assert.InRange(int.Parse(refusal.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 300);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await again.Alpha.GetAsync("/v1/policy")).Status);
        await Eventually.TrueAsync("the log says who is refused", () => log.Messages.Count > 0);
        Assert.Contains("alpha", Assert.Single(log.Messages), StringComparison.Ordinal);
        Assert.Contains("metallm_gateway_tenants_quarantined", (await again.Nobody.GetAsync("/metrics")).Ok().Text, StringComparison.Ordinal);
        (await again.Beta.ChatAsync("Hello?")).Ok();
        (await again.Nobody.GetAsync("/health/ready")).Ok();
    }

    private static async Task SnapshotsAreReplacedAsync(
        JsonObject configuration, string directory, Func<string, string?> variable, Func<System.Data.Common.DbConnection> connect)
    {
        var gateway = await RunningGateway.StartAsync(configuration, directory: directory, variable: variable);
        foreach (var tenant in Tenants)
        {
            var client = gateway.With(Key(tenant));
            var decision = (await client.ChatAsync("Hello?")).Ok().DecisionId;
            (await client.PostAsync("/v1/feedback", new { decision_id = decision, reward = 0.5, idempotency_key = "one" })).Ok();
            await client.DecisionAsync(decision, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        }

        var hashes = await HashesAsync(gateway);
        var foreign = gateway.Services.GetRequiredService<Serializer>().SerializeToArray("a payload of another type");
        await gateway.StopAsync();
        await using var connection = connect();
        var saved = await PayloadsAsync(connection);
        Assert.Equal(4, saved.Count);
        await connection.ExecuteAsync("UPDATE orleans_grain_state SET payload = @payload WHERE id_text = 'zero'", new { payload = new byte[] { 0 } });
        await connection.ExecuteAsync("UPDATE orleans_grain_state SET payload = @payload WHERE id_text = 'cut'", new { payload = saved["cut"][..(saved["cut"].Length / 2)] });
        await connection.ExecuteAsync("UPDATE orleans_grain_state SET payload = @payload WHERE id_text = 'foreign'", new { payload = foreign });

        var again = await RunningGateway.StartAsync(configuration, directory: directory, variable: variable);
        Assert.Equal(hashes, await HashesAsync(again));
        await again.StopAsync();

        Assert.Equal(saved, await PayloadsAsync(connection));
    }

    private static async Task<Dictionary<string, string?>> HashesAsync(RunningGateway gateway)
    {
        var hashes = new Dictionary<string, string?>();
        foreach (var tenant in Tenants)
        {
            hashes[tenant] = (await gateway.With(Key(tenant)).GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString();
        }

        return hashes;
    }

    private static async Task<Dictionary<string, byte[]>> PayloadsAsync(System.Data.Common.DbConnection connection) =>
        (await connection.QueryAsync<(string Tenant, byte[] Payload)>("SELECT id_text, payload FROM orleans_grain_state")).ToDictionary(row => row.Tenant, row => row.Payload);

    private static JsonObject Configuration(JsonObject? storage)
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["tenants"] = new JsonArray([.. Tenants.Select(tenant => TestConfiguration.Tenant(tenant, $"TEST_DAMAGE_{tenant}"))]);
        if (storage is not null)
        {
            section["storage"] = storage;
        }

        return configuration;
    }

    private static string Key(string tenant) => string.Create(CultureInfo.InvariantCulture, $"key-of-tenant-{tenant}");

    private static string? Variable(string name) =>
        name.StartsWith("TEST_DAMAGE_", StringComparison.Ordinal) ? Key(name["TEST_DAMAGE_".Length..]) : TestConfiguration.Variable(name);
}
