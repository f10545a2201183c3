using Dapper;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Tests;

/// <summary>What may go out of a journal, and what may not.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task In_sqlite_decisions_go_with_all_about_them_once_a_state_holds_it()
    {
        await using var store = new SqliteStoreFixture();
        await GoAsync(store, new SqliteRetention(store.Database));
    }

    [PostgresFact]
    public async Task In_postgresql_decisions_go_with_all_about_them_once_a_state_holds_it()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await GoAsync(store, new PostgresRetention(store.Database));
    }

    [Fact]
    public async Task In_sqlite_a_decision_with_news_stays_and_with_it_what_comes_after()
    {
        await using var store = new SqliteStoreFixture();
        await StayAsync(store, new SqliteRetention(store.Database));
    }

    [PostgresFact]
    public async Task In_postgresql_a_decision_with_news_stays_and_with_it_what_comes_after()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await StayAsync(store, new PostgresRetention(store.Database));
    }

    [Fact]
    public async Task Feedback_of_the_same_commit_in_sqlite_keeps_its_decision()
    {
        await using var store = new SqliteStoreFixture();
        await FillAsync(store.Journal, 2);
        await store.Journal.SetBaseAsync("acme", new Snapshot(5, 2, new byte[] { 1 }), default);
        using var held = new ManualResetEventSlim();
        var waits = store.Database.Writer.WriteAsync(
            _ =>
            {
                held.Wait();
                return 0;
            },
            default);

        // Both wait behind that one, and share the transaction after it.
        var feedback = store.Journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = "d-1", Reward = 0.25 }], Noon, default).AsTask();
        var drop = new SqliteRetention(store.Database).DropAsync("acme", 2, default).AsTask();
        held.Set();
        await waits;

        Assert.Equal(FeedbackStatus.Accepted, Assert.Single(await feedback).Status);
        Assert.False(await drop);
        Assert.Equal(0.25, (await store.Journal.FindDecisionAsync("acme", "d-1", default))!.Reward);
    }

    [Fact]
    public async Task A_sqlite_file_gives_the_disk_back_what_went_out_of_it()
    {
        await using var store = new SqliteStoreFixture();
        var empty = Pages(store);
        await FillAsync(store.Journal, 300);
        await store.Journal.SetBaseAsync("acme", new Snapshot(601, 300, new byte[] { 1 }), default);
        var retention = new SqliteRetention(store.Database);

        // Sums of usage, which a drop brings up to date, stay: here three for each decision.
        var uncounted = Pages(store);
        await new SqliteUsageSums(store.Database).ReadSumsAsync(new UsageSumQuery { Tenant = "acme", From = Noon, To = Noon.AddDays(1) }, default);
        var last = (await retention.FindDroppableAsync("acme", Noon.AddDays(30), 1000, default))[^1].Stored.Decision.Ordinal;
        var before = Pages(store);
        Assert.True(await retention.DropAsync("acme", last, default));
        Assert.Equal(before, Pages(store));

        await retention.ShrinkAsync(default);

        var sums = before - uncounted;
        Assert.True(Pages(store) - sums - empty < (uncounted - empty) / 2, $"{Pages(store)} of {before} pages, of which {empty} are of a schema and {sums} of sums");
        await FillAsync(store.Journal, 3, "other");
        Assert.Equal(3, (await store.Journal.ReadDecisionsAsync("other", 0, 10, default)).Count);
    }

    [Fact]
    public async Task Old_records_of_the_audit_go_in_sqlite()
    {
        await using var store = new SqliteStoreFixture();
        await ForgetChangesAsync(new SqliteTenantDirectory(store.Database), new SqliteRetention(store.Database));
    }

    [PostgresFact]
    public async Task Old_records_of_the_audit_go_in_postgresql()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await ForgetChangesAsync(new PostgresTenantDirectory(store.Database), new PostgresRetention(store.Database));
    }

    private static async Task ForgetChangesAsync(ITenantDirectory directory, IJournalRetention retention)
    {
        for (var i = 0; i < 1100; i++)
        {
            await directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.ResetBudget, Actor = "me", At = Noon.AddMinutes(i), Tenant = "acme" }, default);
        }

        Assert.Equal(1090, await retention.DropChangesAsync(Noon.AddMinutes(1090), default));
        Assert.Equal(0, await retention.DropChangesAsync(Noon.AddMinutes(1090), default));
        var left = await directory.ReadChangesAsync(new DirectoryChangeQuery(), default);
        Assert.Equal((10, 1091), (left.Count, left[0].Revision));
        Assert.Equal(1101, (await directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.ResetBudget, Actor = "me", At = Noon, Tenant = "acme" }, default)).Revision);
    }

    private static long Pages(SqliteStoreFixture store)
    {
        using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        connection.Open();
        return connection.ExecuteScalar<long>("PRAGMA page_count");
    }

    [Fact]
    public async Task An_interrupted_deletion_in_sqlite_gives_nobody_the_rows_that_are_left()
    {
        await using var store = new SqliteStoreFixture();
        await FillAsync(store.Journal, 3);
        await store.Database.Writer.WriteAsync(session => SqliteRetention.Hide(session, "acme"), default);
        await store.Journal.AppendConfigurationAsync("other", TestTenants.Configuration(), Noon, default);

        Assert.Empty(await store.Journal.ReadDecisionsAsync("other", 0, 10, default));
        Assert.Single(await store.Journal.ReadEventsAsync("other", 0, 10, default));
        await new SqliteRetention(store.Database).PurgeAsync(default);
        Assert.Equal((0, 1, 0), await store.Database.Writer.WriteAsync(
            session => Dapper.SqlMapper.QuerySingle<(int, int, int)>(
                session.Connection, "SELECT (SELECT count(*) FROM decisions), (SELECT count(*) FROM events), (SELECT count(*) FROM deleted_tenants)"),
            default));
    }

    private static async Task GoAsync(IStoreFixture store, IJournalRetention retention)
    {
        var journal = store.Journal;
        await FillAsync(journal, 6);
        await FillAsync(journal, 2, "other");
        Assert.Equal(
            [new OldDecisions("acme", 3, Noon.AddHours(1)), new OldDecisions("other", 2, Noon.AddHours(1))], await retention.CountOldAsync(Noon.AddHours(3.5), "", 10, default));
        Assert.Equal("other", Assert.Single(await retention.CountOldAsync(Noon.AddHours(3.5), "acme", 10, default)).Tenant);
        Assert.Empty(await retention.CountOldAsync(Noon, "", 10, default));
        Assert.Equal(["acme", "other"], await retention.FindTenantsAsync(Noon.AddHours(2), "", 10, default));
        Assert.Equal(["other"], await retention.FindTenantsAsync(Noon.AddHours(2), "acme", 10, default));
        Assert.Empty(await retention.FindTenantsAsync(Noon.AddHours(1), "", 10, default));
        Assert.Empty(await retention.FindDroppableAsync("acme", Noon.AddDays(1), 10, default));

        await journal.SetBaseAsync("acme", new Snapshot(13, 6, new byte[] { 1 }), default);
        Assert.Equal(2, (await retention.FindDroppableAsync("acme", Noon.AddDays(1), 2, default)).Count);
        var first = await retention.FindDroppableAsync("acme", Noon.AddHours(4), 10, default);
        Assert.Equal([1, 2, 3], first.Select(one => one.Stored.Decision.Ordinal));
        Assert.Equivalent(await journal.FindDecisionAsync("acme", "d-3", default), first[2].Stored, strict: true);
        Assert.Equal((6L, 7L), (first[2].SettledSequence, first[2].RewardedSequence));

        Assert.True(await retention.DropAsync("acme", 3, default));
        await store.ReopenAsync();
        journal = store.Journal;
        Assert.Equal([4, 5, 6], (await journal.ReadDecisionsAsync("acme", 0, 10, default)).Select(decision => decision.Ordinal));

        // The configuration stays; so does what was recorded of the others.
        Assert.Equal([1, 8, 9, 10, 11, 12, 13], (await journal.ReadEventsAsync("acme", 0, 100, default)).Select(recorded => recorded.Sequence));
        Assert.Null(await journal.FindDecisionAsync("acme", "d-3", default));
        Assert.Equal(
            FeedbackStatus.UnknownDecision,
            Assert.Single(await journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = "d-3", Reward = 1 }], Noon, default)).Status);
        Assert.Equal(1, (await journal.FindDecisionAsync("acme", "d-4", default))!.Reward);
        Assert.Equal(2, (await journal.ReadDecisionsAsync("other", 0, 10, default)).Count);
        Assert.Equal(5, (await journal.ReadEventsAsync("other", 0, 10, default)).Count);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 7, 13), default);
    }

    private static async Task StayAsync(IStoreFixture store, IJournalRetention retention)
    {
        var journal = store.Journal;
        await FillAsync(journal, 4);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 5, 9, Noon.AddHours(5)), default);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 6, 9, Noon.AddHours(6)), default);
        await SettleAsync(journal, "acme", 6);

        // The fifth runs still; of the third the state does not know the last word.
        await journal.SetBaseAsync("acme", new Snapshot(9, 4, new byte[] { 1 }), default);
        await journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = "d-3", Reward = 0.5 }], Noon, default);
        Assert.Equal([1, 2], await DroppableAsync());
        Assert.False(await retention.DropAsync("acme", 3, default));
        Assert.Equal(6, (await journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);

        await journal.SetBaseAsync("acme", new Snapshot(11, 6, new byte[] { 2 }), default);
        Assert.Equal([1, 2, 3, 4], await DroppableAsync());
        Assert.False(await retention.DropAsync("acme", 5, default));
        Assert.True(await retention.DropAsync("acme", 4, default));

        // The late word came after the fifth was made: it is out of sight, and goes with that one.
        Assert.Equal([1, 10], (await journal.ReadEventsAsync("acme", 0, 100, default)).Select(recorded => recorded.Sequence));
        await SettleAsync(journal, "acme", 5);

        // A policy that is rebuilt reads the journal as it was then.
        await journal.AppendRelearningAsync("acme", TestTenants.Configuration(), Noon, default);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 7, 12, Noon.AddHours(7)), default);
        Assert.Empty(await DroppableAsync());
        await journal.SetBaseAsync("acme", new Snapshot(12, 7, new byte[] { 3 }), default);
        Assert.Empty(await DroppableAsync());
        await journal.SetBaseAsync("acme", new Snapshot(13, 7, new byte[] { 4 }), default);
        Assert.Equal([5, 6], await DroppableAsync());

        async Task<IEnumerable<long>> DroppableAsync() =>
            (await retention.FindDroppableAsync("acme", Noon.AddDays(1), 10, default)).Select(one => one.Stored.Decision.Ordinal);
    }

    /// <summary>A configuration, then decisions an hour apart, each settled and rewarded: events 1, then two for each decision.</summary>
    private static async Task FillAsync(ITenantJournal journal, int decisions, string tenant = "acme")
    {
        await journal.AppendConfigurationAsync(tenant, TestTenants.Configuration(), Noon, default);
        for (var ordinal = 1; ordinal <= decisions; ordinal++)
        {
            await journal.AppendDecisionAsync(TestTenants.Decision(tenant, ordinal, (2 * ordinal) - 1, Noon.AddHours(ordinal)), default);
            await SettleAsync(journal, tenant, ordinal);
            await journal.AppendFeedbackAsync(tenant, [new FeedbackSubmission { DecisionId = $"d-{ordinal}", Reward = 1, Comment = "good" }], Noon, default);
        }
    }

    private static async Task SettleAsync(ITenantJournal journal, string tenant, int ordinal) => Assert.NotNull(await journal.AppendSettlementAsync(
        tenant,
        new Settlement { DecisionId = $"d-{ordinal}", Outcome = CallOutcome.Completed, Usage = new TokenUsage(1, 0, 2), CostUsd = 0.5 },
        Noon,
        default));
}
