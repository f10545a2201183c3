using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>Silos come and go in order.</summary>
public sealed class MembershipTests : ClusterTest
{
    [PostgresFact]
    public async Task A_silo_that_joins_takes_its_share_of_the_tenants_that_come_next()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var settled = new TenantLoad(Tenants(6), () => cluster.Doors);
        await settled.StartAsync(2);
        await settled.ProgressAsync(2);

        var newcomer = await cluster.JoinAsync();
        var wave = 0;
        await Eventually.TrueAsync("tenants live on the silo that joined", async () =>
        {
            string[] next = [.. Enumerable.Range(0, 8).Select(i => $"new-{wave}-{i}")];
            wave++;
            await Task.WhenAll(next.Select(tenant => cluster.Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default).AsTask()));
            return await cluster.CountAsync(newcomer, next) > 0;
        });

        await settled.ProgressAsync(2);
        await settled.StopAsync();
        await Books.BalanceAsync(settled, Journal, cluster.Engine, cluster.DoorOf(newcomer).Engine);
    }

    [PostgresFact]
    public async Task Silos_that_restart_one_by_one_under_load_lose_nothing()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var load = new TenantLoad(Tenants(24), () => cluster.Doors);
        await load.StartAsync(Callers);
        foreach (var silo in cluster.Silos)
        {
            await load.ProgressAsync(2);
            await cluster.StopAsync(silo);
            await load.ProgressAsync(2);
            await cluster.JoinAsync();
        }

        await load.ProgressAsync(2);
        await load.StopAsync();

        await Books.BalanceAsync(load, Journal, cluster.Engine);
    }
}
