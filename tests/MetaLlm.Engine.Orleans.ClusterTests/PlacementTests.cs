using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>Where tenants live, with the placement that the product has.</summary>
public sealed class PlacementTests : ClusterTest
{
    private const int Many = 90;

    [PostgresFact]
    public async Task Tenants_spread_over_the_silos_and_move_to_one_that_joins()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var tenants = Tenants(Many);
        await Task.WhenAll(tenants.Select(tenant => cluster.Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default).AsTask()));
        foreach (var silo in cluster.Silos)
        {
            Assert.InRange(await cluster.CountAsync(silo, tenants), Many / 6, Many / 2);
        }

        var newcomer = await cluster.JoinAsync();

        await Eventually.ReadAsync(
            "the silo that joined has its share of the tenants",
            async () => (await cluster.CountAsync(newcomer, tenants), await DescribeAsync(cluster, tenants)),
            read => read.Item1 >= Many / 8,
            read => $"It has {read.Item1}.",
            TimeSpan.FromMinutes(3));
    }

    /// <summary>Tenants are in use while they move.</summary>
    private static async Task<bool> DescribeAsync(PostgresCluster cluster, IReadOnlyList<string> tenants)
    {
        foreach (var tenant in tenants)
        {
            Assert.Equal(1, (await cluster.Engine.DescribeAsync(tenant, default)).EventsApplied);
        }

        return true;
    }
}
