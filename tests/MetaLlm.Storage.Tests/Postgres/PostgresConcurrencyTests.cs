using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.Storage.Tests.Postgres;

public sealed class PostgresConcurrencyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task Eight_appenders_on_two_stores_leave_no_gaps_and_no_doubles()
    {
        const int Each = 50;
        string[] tenants = ["a", "b", "c"];
        await using var store = await PostgresStoreFixture.CreateAsync();
        ITenantJournal[] journals = [store.Journal, new PostgresTenantJournal(store.OpenAgain())];
        await Task.WhenAll(tenants.Select(tenant => store.Journal.AppendDecisionAsync(TestTenants.Decision(tenant, 1, 0), default).AsTask()));

        // Each key is sent through both stores by two appenders, so that one of them meets a duplicate.
        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(appender => Task.Run(async () =>
        {
            var own = new List<(string Tenant, FeedbackReceipt Receipt)>();
            for (var i = 0; i < Each; i++)
            {
                var tenant = tenants[i % tenants.Length];
                var submission = new FeedbackSubmission { DecisionId = "d-1", Reward = i / 100.0, IdempotencyKey = $"{appender / 2}-{i}" };
                own.Add((tenant, (await journals[appender % 2].AppendFeedbackAsync(tenant, [submission], Noon, default))[0]));
            }

            return own;
        })));

        var all = receipts.SelectMany(own => own).ToList();
        Assert.Equal(4 * Each, all.Count(one => one.Receipt.Status == FeedbackStatus.Accepted));
        Assert.Equal(4 * Each, all.Count(one => one.Receipt.Status == FeedbackStatus.Duplicate));
        foreach (var tenant in tenants)
        {
            var events = (await store.Journal.ReadEventsAsync(tenant, 0, 1000, default)).Cast<RewardedEvent>().ToList();
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
            Assert.Equal(
                events.Select(e => (long?)e.Sequence),
                all.Where(one => one.Tenant == tenant && one.Receipt.Status == FeedbackStatus.Accepted).Select(one => one.Receipt.Sequence).Order());
            Assert.Equal(events.SkipLast(1).Select(e => (double?)e.Reward).Prepend(null), events.Select(e => e.PreviousReward));
        }
    }

    [PostgresFact]
    public async Task Of_two_owners_one_is_fenced_off_at_every_ordinal()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        ITenantJournal[] journals = [store.Journal, new PostgresTenantJournal(store.OpenAgain())];

        for (var ordinal = 1; ordinal <= 20; ordinal++)
        {
            var decision = TestTenants.Decision("acme", ordinal, 0);
            var won = await Task.WhenAll(journals.Select(journal => Task.Run(async () =>
            {
                try
                {
                    await journal.AppendDecisionAsync(decision, default);
                    return true;
                }
                catch (FencedException)
                {
                    return false;
                }
            })));
            Assert.Single(won, true);
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), (await store.Journal.ReadDecisionsAsync("acme", 0, 100, default)).Select(d => d.Ordinal));
    }

    [PostgresFact]
    public async Task Stores_that_write_the_same_tenants_in_any_order_do_not_block_each_other_for_good()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        ITenantJournal[] journals = [store.Journal, new PostgresTenantJournal(store.OpenAgain()), new PostgresTenantJournal(store.OpenAgain())];
        var tenants = Enumerable.Range(0, 24).Select(i => $"tenant-{i}").ToArray();

        // New tenants and known ones, mixed, from three stores that see them in different orders.
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(async () => await journals[i % 3].AppendConfigurationAsync(
            tenants[(i * ((i % 3) + 5)) % tenants.Length], TestTenants.Configuration(), Noon, default))));

        var counts = await Task.WhenAll(tenants.Select(async tenant => (await store.Journal.ReadEventsAsync(tenant, 0, 1000, default)).Count));
        Assert.Equal(600, counts.Sum());
    }

    [PostgresFact]
    public async Task A_write_that_breaks_the_transaction_fails_alone()
    {
        await using var store = await PostgresStoreFixture.CreateAsync(writers: 1);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var other = await HeadLock.TakeAsync(store.ConnectionString);
        var first = store.Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default).AsTask();
        await other.WaitForWaiterAsync();

        // These three wait behind the first and so share the next transaction; the middle one breaks a unique index.
        var before = store.Journal.AppendDecisionAsync(TestTenants.Decision("before", 1, 0), default).AsTask();
        var broken = store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0) with { DecisionId = "d-1" }, default).AsTask();
        var after = store.Journal.AppendDecisionAsync(TestTenants.Decision("after", 1, 0), default).AsTask();
        await other.ReleaseAsync();

        await first;
        await before;
        await after;
        Assert.Equal("23505", (await Assert.ThrowsAsync<PostgresException>(() => broken)).SqlState);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default);
        Assert.Equal(2, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    [PostgresFact]
    public async Task A_write_is_withdrawn_by_its_caller_until_it_starts()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var other = await HeadLock.TakeAsync(store.ConnectionString);
        using var cancellation = new CancellationTokenSource();
        var first = store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), cancellation.Token).AsTask();
        await other.WaitForWaiterAsync();
        var second = store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 3, 0), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await other.ReleaseAsync();

        // The first had been sent when its caller gave up, so its outcome is told.
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(2, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    [PostgresFact]
    public async Task Writes_that_wait_at_the_end_are_committed_and_later_ones_refused()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        var ending = store.OpenAgain();
        ITenantJournal journal = new PostgresTenantJournal(ending);
        await using var other = await HeadLock.TakeAsync(store.ConnectionString);
        var waiting = Enumerable.Range(2, 20).Select(i => journal.AppendDecisionAsync(TestTenants.Decision("acme", i, 0), default).AsTask()).ToList();
        await other.WaitForWaiterAsync();
        var end = ending.DisposeAsync().AsTask();
        await other.ReleaseAsync();

        await Task.WhenAll(waiting);
        await end;
        Assert.Equal(21, (await store.Journal.ReadDecisionsAsync("acme", 0, 100, default)).Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendDecisionAsync(TestTenants.Decision("acme", 22, 0), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.ReadDecisionsAsync("acme", 0, 1, default));
    }

    [PostgresFact]
    public async Task Events_of_one_transaction_see_each_other()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);

        var receipts = await store.Journal.AppendFeedbackAsync(
            "acme",
            [.. Enumerable.Range(0, 300).Select(i => new FeedbackSubmission { DecisionId = "d-1", Reward = i / 300.0, IdempotencyKey = $"{i % 200}" })],
            Noon,
            default);

        Assert.Equal(200, receipts.Count(r => r.Status == FeedbackStatus.Accepted));
        Assert.Equal(receipts[5].Sequence, receipts[205].Sequence);
        var found = await store.Journal.FindDecisionAsync("acme", "d-1", default);
        Assert.Equal((199 / 300.0, 200), (found!.Reward, found.FeedbackCount));
    }

    [PostgresFact]
    public async Task Texts_that_the_server_cannot_keep_are_refused_where_they_identify_and_replaced_where_they_remark()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        var good = new FeedbackSubmission { DecisionId = "d-1", Reward = 1, IdempotencyKey = "k", Comment = "a\0b\uD800c\U0001F600" };

        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await store.Journal.AppendFeedbackAsync(
            "acme", [good, good with { IdempotencyKey = "k\0" }], Noon, default));
        Assert.Contains("submissions[1].IdempotencyKey", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Journal.ReadEventsAsync("ac\0me", 0, 1, default));
        Assert.Null(await store.Journal.FindDecisionAsync("acme", "d\uDC00", default));
        Assert.Equal(
            [FeedbackStatus.Accepted, FeedbackStatus.UnknownDecision],
            (await store.Journal.AppendFeedbackAsync("acme", [good, good with { DecisionId = "d-1\0" }], Noon, default)).Select(r => r.Status));
        Assert.Null(await store.Journal.AppendRerouteAsync("acme", new Reroute("\uD800", "large", 0, "x"), Noon, default));
        var rerouted = await store.Journal.AppendRerouteAsync("acme", new Reroute("d-1", "large", 0, "5\0"), Noon, default);
        Assert.Equal("5\uFFFD", rerouted!.Reason);
        Assert.Equivalent(rerouted, (await store.Journal.ReadEventsAsync("acme", 1, 1, default))[0], strict: true);
        await using var connection = new NpgsqlConnection(store.ConnectionString);
        Assert.Equal("a\uFFFDb\uFFFDc\U0001F600", await connection.ExecuteScalarAsync<string>("SELECT comment FROM feedback"));
    }
}
