using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.ClusterTests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.Engine.Orleans.ClusterTests;

/// <summary>The clocks of three silos are ten minutes apart.</summary>
public sealed class ClockSkewTests : ClusterTest
{
    private const double CapUsd = 1;

    // Silos start at the same time, so which one gets which clock is open.
    private ClusterSetup Skewed => new() { Database = Database, Skew = number => TimeSpan.FromMinutes(10 * (number - 1)) };

    [PostgresFact]
    public async Task Tenants_that_move_between_silos_with_different_clocks_keep_order_and_state()
    {
        await using var cluster = await PostgresCluster.StartAsync(Skewed);
        var load = new TenantLoad(Tenants(9), () => cluster.Doors);
        await load.StartAsync(4);
        for (var move = 0; move < 3; move++)
        {
            await load.ProgressAsync(3);
            for (var i = 0; i < load.Tenants.Count; i += 3)
            {
                await cluster.MoveAsync(load.Tenants[i], cluster.Silos[((i / 3) + move) % 3]);
            }
        }

        await load.ProgressAsync(3);
        await load.StopAsync();

        // That the clocks differed at all shows in times that go back while ordinals go on. Three tenants go round from three different silos, so
        // that one of them at least comes from a later clock to an earlier one.
        var pairs = new List<(DecisionRecord First, DecisionRecord Second)>();
        foreach (var moved in load.Tenants.Where((_, i) => i % 3 == 0))
        {
            var decisions = await Journal.ReadDecisionsAsync(moved, 0, 1_000_000, default);
            pairs.AddRange(decisions.Zip(decisions.Skip(1)));
        }

        Assert.Contains(pairs, pair => pair.Second.At < pair.First.At - TimeSpan.FromMinutes(5));
        await Books.BalanceAsync(load, Journal, cluster.Engine);
    }

    /// <summary>
    /// A clock that is ahead opens the next window of the hard cap early; one that is behind never opens a window again. So at most one cap
    /// is spent per window, whoever owns the tenant when.
    /// </summary>
    [PostgresFact]
    public async Task A_hard_cap_holds_in_every_window_whatever_clock_the_owner_has()
    {
        const string Tenant = "capped";
        await using var cluster = await PostgresCluster.StartAsync(Skewed);
        await cluster.Engine.ConfigureAsync(
            Tenant, TestTenants.Configuration() with { HardCapUsd = CapUsd, HardCapWindow = TimeSpan.FromMinutes(5) }, default);
        var byClock = cluster.Silos.OrderBy(silo => cluster.ClockOf(silo).GetUtcNow()).ToList();

        // Five minutes fit between any two of the clocks, so that each has a window of its own.
        foreach (var silo in byClock)
        {
            await cluster.MoveAsync(Tenant, silo);
            Assert.InRange(await SpendAsync(cluster, Tenant), 4, 5);
        }

        // Back again: a cap that was spent in a later window is not there a second time in an earlier one.
        foreach (var silo in byClock.Take(2).Reverse())
        {
            await cluster.MoveAsync(Tenant, silo);
            Assert.Equal(0, await SpendAsync(cluster, Tenant));
        }

        var events = await Journal.ReadEventsAsync(Tenant, 0, 1000, default);
        foreach (var window in events.OfType<SettledEvent>().GroupBy(settled => settled.At.UtcTicks / TimeSpan.FromMinutes(5).Ticks))
        {
            Assert.True(window.Sum(settled => settled.CostUsd) <= CapUsd);
        }

        var report = await cluster.Engine.DescribeAsync(Tenant, default);
        Assert.Equal((await JournalOracle.FoldAsync(Journal, Tenant, new FixedEmbedder().Model)).Report().StateHash, report.StateHash);
    }

    /// <summary>Makes calls of a fifth of the cap until one is refused.</summary>
    private static async Task<int> SpendAsync(PostgresCluster cluster, string tenant)
    {
        for (var calls = 0; ; calls++)
        {
            Assert.InRange(calls, 0, 20);
            try
            {
                var decision = await cluster.Engine.DecideAsync(tenant, TestTenants.Query(calls), default);
                await cluster.Engine.SettleAsync(
                    tenant,
                    new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = default, CostUsd = CapUsd / 5 },
                    default);
            }
            catch (NoFeasibleArmException refused)
            {
                Assert.All(refused.Exclusions, exclusion => Assert.Equal(ArmExclusions.OverHardCap, exclusion.Value));
                return calls;
            }
        }
    }
}
