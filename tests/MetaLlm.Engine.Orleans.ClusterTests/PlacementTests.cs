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
}
