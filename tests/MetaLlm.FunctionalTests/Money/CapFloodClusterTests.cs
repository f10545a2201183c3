using MetaLlm.FunctionalTests.Durability;
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
        await using var floods = await CapFlood.StartAsync(CapFlood.Rounds);
        using (var cluster = new HostCluster(database, tenants: 1, configure: floods.Configure, variables: floods.Environment))
        {
            var (doomed, survivor) = (await cluster.StartAsync(), await cluster.StartAsync());
            var last = new Flood(FloodKind.Plain, 1);
            foreach (var flood in floods.Floods.Where(flood => flood != last))
            {
                await floods.RunAsync(flood, () => [Of(doomed, flood), Of(survivor, flood)]);
                await floods.AssertKeptAsync(flood, Of(survivor, flood));
            }

            IReadOnlyList<Client> open = [Of(doomed, last), Of(survivor, last)];
            await floods.RunAsync(last, () => Volatile.Read(ref open), async () =>
            {
                await doomed.KillAsync();
                Volatile.Write(ref open, [Of(survivor, last)]);
            });
            await Patience.ServedAsync(_ => Of(survivor, last).GetAsync("/v1/policy"));
            await floods.RunAsync(last, () => open);

            // What was under way at the dead node stays set aside until it expires.
            await floods.AssertKeptAsync(last, Of(survivor, last), everythingSettles: false);
        }

        await server.DropDatabaseAsync(database);
    }

    private static Client Of(HostProcess host, Flood flood) => host.With(CapFlood.Key(flood));
}
