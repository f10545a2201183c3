using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>The database goes away, as in a crash, and comes back.</summary>
public sealed class DatabaseRestartTests : ClusterTest
{
    private PostgresServer? _server;

    [PostgresFact]
    public async Task A_database_that_was_away_under_load_costs_patience_and_nothing_else()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var load = new TenantLoad(Tenants(24), () => cluster.Doors);
        await load.StartAsync(Callers);
        await load.ProgressAsync(3);

        await _server!.StopAsync(immediate: true);
        var before = load.Refused;
        await Eventually.TrueAsync("callers are told to come again", () => load.Refused > before + 50);
        await _server.StartAgainAsync();
        await load.ProgressAsync(3);
        await load.StopAsync();

        await Books.BalanceAsync(load, Journal, cluster.Engine);
        Assert.Equal(3, cluster.Silos.Count);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected override async Task<PostgresServer> StartServerAsync() => _server = await PostgresServer.StartAsync(flush: true);
}
