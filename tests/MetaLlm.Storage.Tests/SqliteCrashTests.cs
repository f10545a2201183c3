using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteCrashTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_copy_of_the_files_in_mid_run_holds_every_acknowledged_item_exactly_once()
    {
        const int Writers = 8;
        await using var store = new SqliteStoreFixture();
        var acknowledged = new ConcurrentDictionary<(string Tenant, long Sequence), double>();
        using var enough = new CancellationTokenSource();
        var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            var tenant = $"tenant-{w % 4}";
            if (w < 4)
            {
                await store.Journal.AppendDecisionAsync(TestTenants.Decision(tenant, 1, 0), default);
            }

            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var reward = (i % 100) / 100.0;
                var submission = new FeedbackSubmission { DecisionId = "d-1", Reward = reward, IdempotencyKey = $"{w}-{i}" };
                var receipt = (await store.Journal.AppendFeedbackAsync(tenant, [submission], Noon, default))[0];
                if (receipt.Status != FeedbackStatus.Accepted)
                {
                    continue;
                }

                Assert.True(acknowledged.TryAdd((tenant, receipt.Sequence!.Value), reward));
                if (acknowledged.Count > 200)
                {
                    underWay.TrySetResult();
                }
            }
        })).ToArray();
        await Task.WhenAny(underWay.Task, Task.WhenAll(writers));

        for (var copy = 0; copy < 3; copy++)
        {
            // What was acknowledged before the copy began must be in it; more may be.
            var expected = acknowledged.ToArray();
            var journal = new SqliteTenantJournal(store.OpenCrashedCopy());
            foreach (var tenant in expected.GroupBy(item => item.Key.Tenant))
            {
                var found = (await journal.ReadEventsAsync(tenant.Key, 0, 1_000_000, default)).Cast<RewardedEvent>().ToList();
                Assert.Equal(Enumerable.Range(1, found.Count).Select(i => (long)i), found.Select(e => e.Sequence));
                Assert.All(tenant, item => Assert.Equal(item.Value, found[(int)item.Key.Sequence - 1].Reward));
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task A_log_that_breaks_off_in_the_middle_loses_only_what_comes_after()
    {
        await using var store = new SqliteStoreFixture();
        for (var ordinal = 1; ordinal <= 50; ordinal++)
        {
            await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", ordinal, 0), default);
        }

        await using var torn = new TornCopy(store.File);
        var found = await torn.Journal.ReadDecisionsAsync("acme", 0, 100, default);

        Assert.InRange(found.Count, 1, 49);
        Assert.Equal(Enumerable.Range(1, found.Count).Select(i => (long)i), found.Select(d => d.Ordinal));
        await torn.Journal.AppendDecisionAsync(TestTenants.Decision("acme", found.Count + 1, 0), default);
    }
}
