using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>The stream brings nothing: its provider fails on every silo.</summary>
public sealed class StreamLossTests : ClusterTest
{
    [PostgresFact]
    public async Task Owners_on_every_silo_find_in_the_journal_what_the_stream_lost()
    {
        await using var cluster = await PostgresCluster.StartAsync(new ClusterSetup
        {
            Database = Database,
            Engine = options => (options.StreamProvider, options.CatchUpPeriod) = (ClusterSetup.BrokenStreams, TimeSpan.FromMilliseconds(200)),
        });
        var tenants = Tenants(12);
        await Task.WhenAll(tenants.Select(tenant => RewardAsync(cluster, tenant, 10)));

        await Task.WhenAll(tenants.Select(tenant => AppliedWithoutAskingAsync(cluster, tenant, 11)));
    }

    [PostgresFact]
    public async Task A_report_holds_everything_acknowledged_though_the_stream_lost_it()
    {
        await using var cluster = await PostgresCluster.StartAsync(new ClusterSetup
        {
            Database = Database,
            Engine = options => (options.StreamProvider, options.CatchUpPeriod) = (ClusterSetup.BrokenStreams, TimeSpan.FromHours(1)),
        });
        foreach (var tenant in Tenants(6))
        {
            await RewardAsync(cluster, tenant, 10);

            var report = await cluster.Engine.DescribeAsync(tenant, default);

            Assert.Equal(10, report.RewardsApplied);
            Assert.Equal((await JournalOracle.FoldAsync(Journal, tenant, new FixedEmbedder().Model)).Report().StateHash, report.StateHash);
        }
    }

    /// <summary>Decides until the owner knows of so many events. A decision itself looks nowhere: what it knows was folded in by others.</summary>
    internal static async Task AppliedWithoutAskingAsync(PostgresCluster cluster, string tenant, long events)
    {
        var number = 0;
        await Eventually.TrueAsync($"{tenant} has applied {events} events", async () =>
        {
            try
            {
                return (await cluster.Engine.DecideAsync(tenant, TestTenants.Query(number++), default)).AppliedSequence >= events;
            }
            catch (EngineUnavailableException)
            {
                return false;
            }
        });
    }

    /// <summary>Posts feedback through each silo in turn, the owner's or not.</summary>
    private static async Task RewardAsync(PostgresCluster cluster, string tenant, int count)
    {
        await cluster.Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default);
        for (var i = 0; i < count; i++)
        {
            var decision = await cluster.Engine.DecideAsync(tenant, TestTenants.Query(i), default);
            var receipts = await cluster.DoorOf(cluster.Silos[i % cluster.Silos.Count]).Engine.SubmitFeedbackAsync(
                tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = i % 2, IdempotencyKey = "key" }], default);
            Assert.Equal(FeedbackStatus.Accepted, Assert.Single(receipts).Status);
        }
    }
}
