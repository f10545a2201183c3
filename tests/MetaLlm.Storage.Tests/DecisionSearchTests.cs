using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

/// <summary>What a search finds, and where it goes on, on both databases.</summary>
public sealed class DecisionSearchTests
{
    private const int Count = 100;
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sqlite_finds_decisions_by_what_they_were()
    {
        await using var store = new SqliteStoreFixture();
        await FindAsync(store.Journal, new SqliteDecisionSearch(store.Database));
    }

    [PostgresFact]
    public async Task Postgresql_finds_decisions_by_what_they_were()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await FindAsync(store.Journal, new PostgresDecisionSearch(store.Database));
    }

    [Fact]
    public async Task Numbers_that_are_not_legal_are_refused()
    {
        await using var store = new SqliteStoreFixture();
        var search = new SqliteDecisionSearch(store.Database);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await search.SearchAsync(Query with { Limit = 0 }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await search.SearchAsync(Query with { LookAt = DecisionSearchQuery.Most + 1 }, default));
    }

    private static DecisionSearchQuery Query => new() { Owner = "acme" };

    private static async Task FindAsync(ITenantJournal journal, IDecisionSearch search)
    {
        Assert.Empty((await search.SearchAsync(Query, default)).Decisions);
        await journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        Assert.Equal(Shown(null), await OrdinalsAsync(Query));
        await journal.AppendDecisionsAsync([.. Enumerable.Range(1, Count).Select(Decision)], default);
        await journal.AppendConfigurationAsync("other", TestTenants.Configuration(), Noon, default);
        await journal.AppendDecisionAsync(TestTenants.Decision("other", 1, 1, Noon), default);
        var id = Decision(7).DecisionId;
        await journal.AppendSettlementAsync("acme", new Settlement { DecisionId = id, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 5), CostUsd = 0.25, LatencySeconds = 1.5 }, Noon.AddHours(3), default);
        await journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = id, Reward = 0.75 }], Noon.AddHours(3), default);

        Assert.Equal(Shown(91, Range(100, 91)), await OrdinalsAsync(Query with { Limit = 10 }));
        Assert.Equal(Shown(81, Range(90, 81)), await OrdinalsAsync(Query with { Limit = 10, Before = 91 }));
        Assert.Equal(Shown(null, Range(5, 1)), await OrdinalsAsync(Query with { Limit = 10, Before = 6 }));
        Assert.Equal(Shown(null, Range(100, 1)), await OrdinalsAsync(Query with { Limit = Count }));

        // One decision a minute.
        Assert.Equal(Shown(null, Range(19, 10)), await OrdinalsAsync(Query with { From = Noon.AddMinutes(10), To = Noon.AddMinutes(20) }));
        Assert.Equal(Shown(null, Range(100, 99)), await OrdinalsAsync(Query with { From = Noon.AddMinutes(99) }));
        Assert.Equal(Shown(null, Range(3, 1)), await OrdinalsAsync(Query with { To = Noon.AddMinutes(4) }));
        Assert.Equal(Shown(null), await OrdinalsAsync(Query with { From = Noon.AddHours(5) }));
        Assert.Equal(Shown(null), await OrdinalsAsync(Query with { To = Noon }));

        // Every tenth has the task, and a search looks at 25 at a time.
        Assert.Equal(Shown(76, 100, 90, 80), await OrdinalsAsync(Query with { Task = "rare", LookAt = 25 }));
        Assert.Equal(Shown(51, 70, 60), await OrdinalsAsync(Query with { Task = "rare", LookAt = 25, Before = 76 }));
        Assert.Equal(Shown(50, 70, 60, 50), await OrdinalsAsync(Query with { Task = "rare", Before = 75, Limit = 3 }));
        Assert.Equal(Shown(null), await OrdinalsAsync(Query with { Arm = "nobody" }));
        Assert.Equal(Shown(null, Range(100, 1)), await OrdinalsAsync(Query with { Arm = Decision(1).ChosenArm, Limit = Count }));

        var found = Assert.Single((await search.SearchAsync(Query with { From = Noon.AddMinutes(7), To = Noon.AddMinutes(8) }, default)).Decisions);
        Assert.Equal((id, 7, Noon.AddMinutes(7), Decision(7).Task, Decision(7).ChosenArm, Decision(7).ChosenArm), (found.DecisionId, found.Ordinal, found.At, found.Task, found.ChosenArm, found.ServedArm));
        Assert.Equal((CallOutcome.Completed, 0.25, 1.5, 0.75, 1), (found.Outcome, found.CostUsd, found.LatencySeconds, found.Reward, found.FeedbackCount));
        var running = (await search.SearchAsync(Query with { Limit = 1, WithTasks = false }, default)).Decisions[0];
        Assert.Equal((null, null, null, null, 0), (running.Task, running.Outcome, running.CostUsd, running.Reward, running.FeedbackCount));

        async Task<string> OrdinalsAsync(DecisionSearchQuery query)
        {
            var page = await search.SearchAsync(query, default);
            return Shown(page.Next, [.. page.Decisions.Select(decision => decision.Ordinal)]);
        }
    }

    private static DecisionRecord Decision(int ordinal) => TestTenants.Decision("acme", ordinal, 1, Noon.AddMinutes(ordinal)) with { Task = ordinal % 10 == 0 ? "rare" : "common" };

    private static long[] Range(int from, int to) => [.. Enumerable.Range(to, from - to + 1).Reverse().Select(ordinal => (long)ordinal)];

    private static string Shown(long? next, params long[] ordinals) => $"{string.Join(' ', ordinals)}, next {next?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}";
}
