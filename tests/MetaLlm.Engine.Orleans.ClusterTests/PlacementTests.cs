using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>Where tenants live, with the placement that the product has.</summary>
public sealed class PlacementTests : ClusterTest
{
    // So many that chance leaves the bounds once in ten million runs.
    private const int Many = 240;

    [PostgresFact]
    public async Task Tenants_spread_over_the_silos()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var tenants = Tenants(Many);
        await Task.WhenAll(tenants.Select(tenant => cluster.Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default).AsTask()));
        foreach (var silo in cluster.Silos)
        {
            Assert.InRange(await cluster.CountAsync(silo, tenants), Many / 6, Many / 2);
        }
    }

    [PostgresFact]
    public async Task No_tenant_comes_to_a_silo_that_is_cut_from_the_database()
    {
        await using var cluster = await PostgresCluster.StartAsync(new ClusterSetup { Database = Database, CutsMembership = true });
        var (cut, others) = (cluster.Silos[2], cluster.Silos.Take(2).ToList());
        Assert.All(cluster.Silos, silo => Assert.All(cluster.Silos, other => Assert.True(PostgresCluster.Reaches(silo, other))));

        await cluster.CutFromDatabaseAsync(cut);
        await Eventually.TrueAsync("the others know", () => others.TrueForAll(silo => !PostgresCluster.Reaches(silo, cut)));
        Assert.All(others, silo => Assert.All(others, other => Assert.True(PostgresCluster.Reaches(silo, other))));
        var tenants = Tenants(40);
        await Task.WhenAll(tenants.Select((tenant, i) => cluster.DoorOf(others[i % 2]).Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default).AsTask()));
        Assert.Equal(40, await cluster.CountAsync(others[0], tenants) + await cluster.CountAsync(others[1], tenants));

        await cluster.ReconnectAsync(cut);
        await Eventually.TrueAsync("the others know", () => others.TrueForAll(silo => PostgresCluster.Reaches(silo, cut)));
    }
}
