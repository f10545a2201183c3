using MetaLlm.FunctionalTests.Durability;
using MetaLlm.FunctionalTests.Upstreams;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>Nothing above a cap over two nodes on PostgreSQL, one of which is killed in the last flood.</summary>
public sealed class CapFloodClusterTests
{
    [PostgresFact]
    public async Task Floods_over_two_nodes_spend_nothing_above_the_cap()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var flood = await CapFlood.StartAsync();
        using (var cluster = new HostCluster(database, tenants: 1, configure: flood.Configure, variables: CapFlood.Environment))
        {
            var (doomed, survivor) = (await cluster.StartAsync(), await cluster.StartAsync());
            foreach (var kind in Enum.GetValues<FloodKind>().Where(kind => kind != FloodKind.Plain))
            {
                await flood.RunAsync(kind, () => [Of(doomed, kind), Of(survivor, kind)]);
                await flood.AssertKeptAsync(kind, Of(survivor, kind));
            }

            const FloodKind Last = FloodKind.Plain;
            IReadOnlyList<Client> open = [Of(doomed, Last), Of(survivor, Last)];
            await flood.RunAsync(Last, () => Volatile.Read(ref open), async () =>
            {
                await doomed.KillAsync();
                Volatile.Write(ref open, [Of(survivor, Last)]);
            });
            await Patience.ServedAsync(_ => Of(survivor, Last).GetAsync("/v1/policy"));
            await flood.RunAsync(Last, () => open);

            // What was under way at the dead node stays set aside until it expires.
            await flood.AssertKeptAsync(Last, Of(survivor, Last), everythingSettles: false);
        }

        await server.DropDatabaseAsync(database);
    }

    private static Client Of(HostProcess host, FloodKind kind) => host.With(UpstreamConfiguration.Key(CapFlood.Tenant(kind)));
}
