using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>Compares what callers were told, what the journal has and what the owners have learned.</summary>
internal static class Books
{
    /// <summary>Everything acknowledged is in the journal once and in the owner's state once; the journal has no gap.</summary>
    public static async Task BalanceAsync(TenantLoad load, ITenantJournal journal, params ITenantEngine[] engines)
    {
        var rounds = load.Rounds.ToLookup(round => round.Tenant);
        foreach (var tenant in load.Tenants)
        {
            var decisions = await journal.ReadDecisionsAsync(tenant, 0, 1_000_000, default);
            var events = await journal.ReadEventsAsync(tenant, 0, 1_000_000, default);
            Assert.Equal(Numbers(decisions.Count), decisions.Select(decision => decision.Ordinal));
            Assert.Equal(Numbers(events.Count), events.Select(recorded => recorded.Sequence));
            Compare([.. rounds[tenant]], decisions, events);

            var expected = (await JournalOracle.FoldAsync(journal, tenant, new FixedEmbedder().Model)).Report();
            Assert.Equal((decisions.Count, events.Count), (expected.Decisions, expected.EventsApplied));
            Assert.Equal(events.Count(recorded => recorded is RewardedEvent), expected.RewardsApplied);
            foreach (var engine in engines)
            {
                var report = await engine.DescribeAsync(tenant, default);
                Assert.Equal((decisions.Count, events.Count), (report.Decisions, report.EventsApplied));
                Assert.Equal(expected.RewardsApplied, report.RewardsApplied);
                Assert.Equal(expected.StateHash, report.StateHash);
            }
        }
    }

    /// <summary>The same for a tenant with several owners, each of whom is what the journals of all say.</summary>
    public static async Task BalanceAsync(TenantLoad load, ITenantJournal journal, IGrainFactory grains, string tenant, int shards)
    {
        string[] owners = [.. Enumerable.Range(1, shards).Select(number => TenantOwner.Name(tenant, number))];
        var (decisions, events) = (new List<DecisionRecord>(), new List<TenantEvent>());
        foreach (var owner in owners)
        {
            var (made, happened) = (await journal.ReadDecisionsAsync(owner, 0, 1_000_000, default), await journal.ReadEventsAsync(owner, 0, 1_000_000, default));
            Assert.Equal(Numbers(made.Count), made.Select(decision => decision.Ordinal));
            Assert.Equal(Numbers(happened.Count), happened.Select(recorded => recorded.Sequence));
            Assert.NotEmpty(made);
            decisions.AddRange(made);
            events.AddRange(happened);
        }

        Compare([.. load.Rounds], decisions, events);
        await Eventually.TrueAsync("every owner is what the journals of all say", async () =>
        {
            // The first owner answers for all of them.
            var sum = await grains.GetGrain<ITenantPolicyGrain>(tenant).DescribeAsync(default);
            var expected = new List<TenantReport>();
            foreach (var owner in owners)
            {
                expected.Add((await JournalOracle.FoldAsync(journal, owner, new FixedEmbedder().Model)).Report());
            }

            var whole = OwnerReports.Sum(expected[0], expected[1..]);
            return sum.StateHash == whole.StateHash
                && sum.Decisions == decisions.Count
                && sum.RewardsApplied == events.Count(recorded => recorded is RewardedEvent)
                && expected.All(report => report.Arms.Sum(arm => arm.Statistics.Rewards) == load.Rounds.Count);
        });
        Assert.Contains(await journal.ReadEventsAsync(tenant, 0, 1_000_000, default), recorded => recorded is TookInEvent);
    }

    private static void Compare(List<Round> rounds, IReadOnlyList<DecisionRecord> decisions, IReadOnlyList<TenantEvent> events)
    {
        var made = decisions.ToDictionary(decision => decision.DecisionId);
        var rewarded = events.OfType<RewardedEvent>().ToLookup(recorded => recorded.Decision.DecisionId);
        var settled = events.OfType<SettledEvent>().ToLookup(recorded => recorded.Decision.DecisionId);
        Assert.Equal(rounds.Count, rounds.Select(round => round.DecisionId).Distinct().Count());
        foreach (var round in rounds)
        {
            Assert.Equal(round.Arm, made[round.DecisionId].ChosenArm);
            Assert.Equal(round.Reward, Assert.Single(rewarded[round.DecisionId]).Reward);
            Assert.Single(settled[round.DecisionId]);
        }

        // Nobody posted feedback on a decision that he was not told of.
        Assert.Equal(rounds.Count, rewarded.Count);
    }

    private static IEnumerable<long> Numbers(int count) => Enumerable.Range(1, count).Select(i => (long)i);
}
