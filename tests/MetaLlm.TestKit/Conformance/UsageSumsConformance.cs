using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store's sums per hour hold, and the reports that are made of them.</summary>
/// <typeparam name="TSums">The implementation.</typeparam>
public abstract class UsageSumsConformance<TSums> : StoreConformance<(IUsageSums Sums, IUsageReports Reports, IJournalRetention Retention)>
    where TSums : IUsageSums
{
    private static readonly DateTimeOffset Morning = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private ITenantJournal Journal => Fixture.Journal;

    private IUsageSums Sums => Store.Sums;

    [ConformanceFact]
    public async Task Sums_and_reports_are_those_of_a_recount_however_often_they_were_asked_for_meanwhile()
    {
        Assert.IsType<TSums>(Sums);
        var life = new UsageLife(() => Journal, "acme", Morning);
        for (var step = 0; step < 600; step++)
        {
            await life.StepAsync();
            if (step % 37 == 0)
            {
                Assert.True((await ReadAsync("acme")).IsCurrent);
            }
        }

        await Fixture.ReopenAsync();
        var decisions = await life.DecisionsAsync();
        foreach (var by in Enum.GetValues<UsageDimension>())
        {
            var found = (await ReadAsync("acme", by, UsageBucket.Hour)).Rows;
            var expected = UsageLife.Recount(decisions, by);
            Assert.Equal(expected.Select(UsageLife.Counts), found.Select(UsageLife.Counts));
            Assert.All(expected.Zip(found), pair => Assert.Equal(UsageLife.Amounts(pair.First), UsageLife.Amounts(pair.Second), new Near()));
        }

        foreach (var by in Enum.GetValues<UsageGrouping>())
        {
            foreach (var (from, to) in ((double, double)[])[(0, 48), (0.3, 5.7), (2.2, 2.9), (3, 3.5), (1.5, 2), (40, 41)])
            {
                var rows = await Store.Reports.ReadUsageAsync(new UsageQuery("acme", Morning.AddHours(from), Morning.AddHours(to), by), default);
                var expected = UsageLife.Recount(decisions.Where(d => d.Decision.At >= Morning.AddHours(from) && d.Decision.At < Morning.AddHours(to)), by);
                Assert.Equal(expected.Select(row => (row.Group, row.Requests, row.Rewards)), rows.Select(row => (row.Group, row.Requests, row.Rewards)));
                Assert.All(expected.Zip(rows), pair => Assert.Equal(
                    [pair.First.SpentUsd, pair.First.WastedUsd, pair.First.RewardSum, pair.First.InputTokens],
                    new[] { pair.Second.SpentUsd, pair.Second.WastedUsd, pair.Second.RewardSum, pair.Second.InputTokens },
                    new Near()));
            }
        }
    }

    [ConformanceFact]
    public async Task What_goes_out_of_the_journal_stays_in_the_sums()
    {
        var life = new UsageLife(() => Journal, "acme", Morning);
        await life.MakeAsync(12);
        var head = Assert.Single(await Journal.ReadHeadsAsync(["acme"], default));
        await Journal.SetBaseAsync("acme", new Snapshot(head.LastSequence, head.LastOrdinal, new byte[] { 1 }), default);

        // Nobody has asked before.
        Assert.True(await Store.Retention.DropAsync("acme", 8, default));

        Assert.Equal(4, (await Journal.ReadDecisionsAsync("acme", 0, 100, default)).Count);
        var sums = (await ReadAsync("acme")).Rows;
        Assert.Equal((12, 12, 12), (sums.Sum(row => row.Requests), sums.Sum(row => row.Settled), sums.Sum(row => row.Rewards)));
        Assert.Equal(12, Assert.Single(await Store.Reports.ReadUsageAsync(new UsageQuery("acme", Morning, Morning.AddDays(1), UsageGrouping.Day), default)).Requests);
    }

    [ConformanceFact]
    public async Task Those_who_ask_at_once_count_everything_once()
    {
        var life = new UsageLife(() => Journal, "acme", Morning);
        await life.MakeAsync(50);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await ReadAsync("acme"))));
        Assert.All(answers, answer => Assert.Equal((true, 50L), (answer.IsCurrent, answer.Rows.Sum(row => row.Requests))));
    }

    [ConformanceFact]
    public async Task Who_does_not_wait_is_told_what_is_missing_and_the_next_question_finds_it()
    {
        var life = new UsageLife(() => Journal, "acme", Morning);
        await life.MakeAsync(5);
        var hasty = await Sums.ReadSumsAsync(new UsageSumQuery { Tenant = "acme", From = Morning, To = Morning.AddDays(1), Patience = TimeSpan.Zero }, default);
        Assert.Equal((false, 0), (hasty.IsCurrent, hasty.Rows.Count));
        Assert.Equal(5, (await ReadAsync("acme")).Rows.Sum(row => row.Requests));
    }

    [ConformanceFact]
    public async Task A_deleted_tenant_leaves_no_sums_to_the_next_of_its_name()
    {
        var life = new UsageLife(() => Journal, "acme", Morning);
        await life.MakeAsync(5);
        Assert.NotEmpty((await ReadAsync("acme")).Rows);
        await Journal.DeleteTenantAsync("acme", default);
        await Store.Retention.PurgeAsync(default);
        Assert.Empty((await ReadAsync("acme")).Rows);
        await new UsageLife(() => Journal, "acme", Morning).MakeAsync(2);
        Assert.Equal(2, (await ReadAsync("acme")).Rows.Sum(row => row.Requests));
    }

    [ConformanceFact]
    public async Task Owners_of_one_tenant_are_added_up_and_side_tenants_are_nobodys_spend()
    {
        await new UsageLife(() => Journal, "acme", Morning).MakeAsync(3);
        await new UsageLife(() => Journal, "acme#2", Morning).MakeAsync(4);
        foreach (var suffix in SideTenant.Suffixes)
        {
            await new UsageLife(() => Journal, "acme" + suffix, Morning).MakeAsync(5);
        }

        await new UsageLife(() => Journal, "other", Morning).MakeAsync(6);
        var all = (await ReadAsync(null)).Rows;
        Assert.Equal([("acme", 7L), ("other", 6L)], all.GroupBy(row => row.Tenant).Select(rows => (rows.Key, rows.Sum(row => row.Requests))));
        Assert.Equal(7, (await ReadAsync("acme", bucket: UsageBucket.Day)).Rows.Sum(row => row.Requests));
    }

    private async Task<UsageSums> ReadAsync(string? tenant, UsageDimension by = UsageDimension.Model, UsageBucket bucket = UsageBucket.Span) =>
        await Sums.ReadSumsAsync(new UsageSumQuery { Tenant = tenant, From = Morning.AddMinutes(20), To = Morning.AddDays(2), By = by, Bucket = bucket }, default);

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double one, double other) => Math.Abs(one - other) < 1e-9;

        public int GetHashCode(double value) => 0;
    }
}
