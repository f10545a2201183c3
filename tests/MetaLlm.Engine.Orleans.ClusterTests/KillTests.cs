using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>A silo is gone without a word.</summary>
public sealed class KillTests : ClusterTest
{
    [PostgresFact]
    public async Task What_was_acknowledged_before_and_after_a_silo_died_counts_once()
    {
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var load = new TenantLoad(Tenants(24), () => cluster.Doors);
        await load.StartAsync(Callers);
        await load.ProgressAsync(8);
        var doomed = cluster.Silos[1];
        var orphans = await cluster.CountAsync(doomed, load.Tenants);

        await cluster.KillAsync(doomed);
        await load.ProgressAsync(8);
        await load.StopAsync();

        Assert.True(orphans > 0, "The silo that died was nobody's home.");
        Assert.Equal(load.Tenants.Count, await cluster.CountAsync(cluster.Silos[0], load.Tenants) + await cluster.CountAsync(cluster.Silos[1], load.Tenants));
        await Books.BalanceAsync(load, Journal, cluster.Engine, cluster.DoorOf(cluster.Silos[0]).Engine);
    }

    [PostgresFact]
    public async Task A_tenant_with_several_owners_loses_nothing_when_the_silo_of_some_dies()
    {
        const int Shards = 4;
        await using var cluster = await PostgresCluster.StartAsync(Database);
        var load = new TenantLoad(["big"], () => cluster.Doors);
        string[] owners = [.. Enumerable.Range(1, Shards).Select(number => TenantOwner.Name("big", number))];
        await load.StartAsync(Callers, Shards);
        await load.ProgressAsync(60);
        var doomed = cluster.Silos[0];
        foreach (var silo in cluster.Silos)
        {
            doomed = await cluster.CountAsync(silo, owners) > await cluster.CountAsync(doomed, owners) ? silo : doomed;
        }

        Assert.True(await cluster.CountAsync(doomed, owners) > 0, "No owner lives anywhere.");
        await cluster.KillAsync(doomed);
        await load.ProgressAsync(60);
        await load.StopAsync();
        await Books.BalanceAsync(load, Journal, cluster.Grains, "big", Shards);
    }

    /// <summary>The silo takes the queues of the stream with it, and the feedback in them that it has acknowledged.</summary>
    [PostgresFact]
    public async Task Rewards_in_the_queues_of_a_silo_that_died_are_learned_from_without_anybody_asking()
    {
        await using var cluster = await PostgresCluster.StartAsync(
            new ClusterSetup { Database = Database, Engine = options => options.CatchUpPeriod = TimeSpan.FromMilliseconds(200) });
        var tenants = Tenants(12);
        var decided = new List<(string Tenant, DecisionRecord Decision)>();
        foreach (var tenant in tenants)
        {
            await cluster.Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default);
            for (var i = 0; i < 20; i++)
            {
                decided.Add((tenant, await cluster.Engine.DecideAsync(tenant, TestTenants.Query(i), default)));
            }
        }

        var doomed = cluster.Silos[2];
        var engine = cluster.DoorOf(doomed).Engine;
        await Task.WhenAll(decided.Select(one => engine.SubmitFeedbackAsync(
            one.Tenant, [new FeedbackSubmission { DecisionId = one.Decision.DecisionId, Reward = 1, IdempotencyKey = "key" }], default).AsTask()));
        await cluster.KillAsync(doomed);

        await Task.WhenAll(tenants.Select(tenant => StreamLossTests.AppliedWithoutAskingAsync(cluster, tenant, 21)));
    }
}
