using Dapper;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary><c>metallm rebuild</c>: snapshots are made while no host runs.</summary>
public sealed class RebuildTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Config => _directory.File("metallm.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_tenant_of_a_stopped_host_gets_a_snapshot_again()
    {
        await File.WriteAllTextAsync(Config, TestConfiguration.Create().ToJsonString());
        using (var host = await StartAsync())
        {
            var decision = (await host.Client.ChatAsync("Hello?")).Ok().DecisionId;
            (await host.Client.PostAsync("/v1/feedback", new { decision_id = decision, reward = 0.5, idempotency_key = "one" })).Ok();
            await host.Client.DecisionAsync(decision, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
            var beta = host.With(TestConfiguration.BetaKey);
            var other = (await beta.ChatAsync("Hello?")).Ok().DecisionId;
            await beta.DecisionAsync(other, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
            // A reward that is acknowledged but not yet applied would be in the journal alone; this look applies what there is.
            Assert.Equal(1, (await host.Client.GetAsync("/v1/policy")).Ok().Json.GetProperty("rewards_applied").GetInt64());
            Assert.Equal(0, await host.StopAsync());
        }

        var saved = await PayloadsAsync();
        Assert.Equal(["alpha", "beta"], saved.Keys.Order());
        await ExecuteAsync("UPDATE orleans_grain_state SET payload = x'00' WHERE id_text = 'alpha'");
        await ExecuteAsync("DELETE FROM orleans_grain_state WHERE id_text = 'beta'");

        var (code, errors) = await HostProcess.RunToEndAsync("rebuild", "--config", Config, "--data", _directory.Path);

        Assert.True(code == 0, errors);
        Assert.Equal(saved, await PayloadsAsync());
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_rebuilt_is_told_and_the_others_are()
    {
        await File.WriteAllTextAsync(Config, TestConfiguration.Create().ToJsonString());
        using (var host = await StartAsync())
        {
            (await host.Client.ChatAsync("Hello?")).Ok();
            (await host.With(TestConfiguration.BetaKey).ChatAsync("Hello?")).Ok();
            Assert.Equal(0, await host.StopAsync());
        }

        await ExecuteAsync("DELETE FROM orleans_grain_state; UPDATE events SET kind = 99 WHERE sequence = 1 AND tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = 'alpha')");

        Assert.Equal(1, (await HostProcess.RunToEndAsync("rebuild", "--config", Config, "--data", _directory.Path)).ExitCode);
        Assert.Equal(["beta"], (await PayloadsAsync()).Keys);
    }

    [PostgresFact]
    public async Task Hosts_that_run_are_not_rebuilt_under()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 1))
        {
            await cluster.StartAsync();

            var (code, errors) = await cluster.RunAsync("rebuild");

            Assert.Equal(1, code);
            Assert.Contains("1 silos serve", errors, StringComparison.Ordinal);
        }

        await server.DropDatabaseAsync(database);
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync("--config", Config, "--listen", "http://127.0.0.1:0", "--data", _directory.Path);

    private async Task<Dictionary<string, byte[]>> PayloadsAsync()
    {
        await using var database = Database();
        return (await database.QueryAsync<(string Tenant, byte[] Payload)>("SELECT id_text, payload FROM orleans_grain_state WHERE payload IS NOT NULL"))
            .ToDictionary(row => row.Tenant, row => row.Payload);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = Database();
        await database.ExecuteAsync(sql);
    }

    private SqliteConnection Database() => new($"Data Source={_directory.File("metallm.db")};Pooling=False");
}
