using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_snapshot_is_saved_after_so_many_folds()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(new() { CheckpointEvery = 5 });
        for (var i = 0; i < 3; i++)
        {
            await DecideAndRewardAsync(harness, i);
        }

        await harness.Runtime.ActivateAsync(default);
        var snapshot = (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot;

        // Configured, then decision and reward by turns: the fifth fold is the second reward.
        Assert.Equal((2, 3), (snapshot.DecisionOrdinal, snapshot.AppliedSequence));
    }

    [Fact]
    public async Task A_snapshot_ahead_of_another_owners_decision_is_not_built_upon()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var decision = await DecideAndRewardAsync(harness, 0);
        var late = harness.StartOther();
        await late.ActivateAsync(default);
        await FeedbackAsync(harness, decision, 0.5, "second");
        await harness.Runtime.CatchUpAsync(default);
        await harness.Runtime.CheckpointAsync(default);

        // This owner has not seen the second reward. Its decision is valid, and comes before that reward in every replay.
        var without = await late.DecideAsync(TestTenants.Query(5), default);
        await without.Durable;

        Assert.Equal(2, without.Record.AppliedSequence);
        Assert.Equal(3, (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot.AppliedSequence);
        Assert.Equal(await RuntimeHarness.HashAsync(late), await RuntimeHarness.HashAsync(harness.StartOther()));
        Assert.Equal(await RuntimeHarness.HashAsync(late), await RuntimeHarness.HashAsync(harness.Runtime));
    }

    [Fact]
    public async Task State_of_another_embedding_model_is_refused_by_name()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await harness.Runtime.DeactivateAsync(default);

        var error = await Assert.ThrowsAsync<EmbeddingModelMismatchException>(
            async () => await harness.StartOther("other-8").ActivateAsync(default));

        Assert.Contains("fixed-8", error.Stored, StringComparison.Ordinal);
        Assert.Contains("other-8", error.Loaded, StringComparison.Ordinal);
        await harness.StartOther().ActivateAsync(default);
    }

    [Fact]
    public async Task A_snapshot_of_an_unknown_layout_is_replaced_by_the_journal()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await DecideAndRewardAsync(harness, 0);
        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        await harness.Snapshots.SaveAsync(RuntimeHarness.Tenant, new Snapshot(2, 1, "of another build"u8.ToArray()), null, default);

        Assert.Equal(before, await RuntimeHarness.HashAsync(harness.StartOther()));
    }

    [Fact]
    public async Task A_snapshot_that_belies_its_own_positions_is_replaced_by_the_journal()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await DecideAndRewardAsync(harness, 0);
        await harness.Runtime.CheckpointAsync(default);
        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        var stored = (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!;
        await harness.Snapshots.SaveAsync(RuntimeHarness.Tenant, stored.Snapshot with { DecisionOrdinal = 0 }, stored.ETag, default);

        Assert.Equal(before, await RuntimeHarness.HashAsync(harness.StartOther()));
    }

    [Fact]
    public async Task Another_owners_snapshot_makes_this_one_reload()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(new() { CheckpointEvery = 3 });
        var decision = await DecideAndRewardAsync(harness, 0);
        await AppendFeedbackAsync(harness, decision, 0.5, "undelivered");
        var other = harness.StartOther();
        await other.CatchUpAsync(default);
        await other.CheckpointAsync(default);
        Assert.Equal("2", (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.ETag);

        for (var i = 1; i < 6; i++)
        {
            await DecideAndRewardAsync(harness, i);
        }

        Assert.Equal(await RuntimeHarness.HashAsync(harness.StartOther()), await RuntimeHarness.HashAsync(harness.Runtime));
        Assert.Equal(6, (await harness.Journal.ReadDecisionsAsync(RuntimeHarness.Tenant, 0, 10, default)).Count);
    }

    [Fact]
    public async Task Events_delivered_out_of_order_twice_or_not_at_all_are_folded_once_each()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(), default);
        await pending.Durable;
        for (var i = 0; i < 6; i++)
        {
            await FeedbackAsync(harness, pending.Record.DecisionId, i / 5.0, $"key-{i}");
        }

        var events = await harness.Journal.ReadEventsAsync(RuntimeHarness.Tenant, 1, 10, default);
        foreach (var index in (int[])[4, 1, 4, 0])
        {
            harness.Runtime.Deliver(events[index]);
        }

        await harness.Runtime.ActivateAsync(default);
        harness.Runtime.DeliverUpTo(7);
        var decision = await harness.Runtime.DecideAsync(TestTenants.Query(), default);

        Assert.Equal(7, decision.Record.AppliedSequence);
        Assert.Equal(await RuntimeHarness.HashAsync(harness.StartOther()), await RuntimeHarness.HashAsync(harness.Runtime));
    }

    [Fact]
    public async Task A_sweep_goes_on_until_nothing_is_left_to_expire()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(new() { UnsettledLimit = TimeSpan.FromMinutes(10), SweepLimit = 3 });
        for (var i = 0; i < 10; i++)
        {
            await (await harness.Runtime.DecideAsync(TestTenants.Query(i), default)).Durable;
        }

        harness.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(10, await harness.Runtime.SweepAsync(default));
        Assert.Equal(0, (await harness.Runtime.DescribeAsync(default)).ReservedUsd, 12);
    }

    [Fact]
    public async Task Ids_of_decisions_cannot_be_guessed_from_anything_that_decides_alike()
    {
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var harness = await RuntimeHarness.StartConfiguredAsync();
            var pending = await harness.Runtime.DecideAsync(TestTenants.Query(), default);
            await pending.Durable;
            Assert.Matches("^dec-1-[0-9a-f]{20}$", pending.Record.DecisionId);
            Assert.Equal(pending.Record.DecisionId, (await harness.Journal.ReadDecisionsAsync(RuntimeHarness.Tenant, 0, 1, default))[0].DecisionId);
            Assert.Equal(await RuntimeHarness.HashAsync(harness.StartOther()), await RuntimeHarness.HashAsync(harness.Runtime));
            ids.Add(pending.Record.DecisionId);
        }

        Assert.NotEqual(ids[0], ids[1]);
    }

    private static async Task<string> DecideAndRewardAsync(RuntimeHarness harness, int number)
    {
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(number), default);
        await pending.Durable;
        await FeedbackAsync(harness, pending.Record.DecisionId, number % 2, "first");
        await harness.Runtime.ActivateAsync(default);
        return pending.Record.DecisionId;
    }

    private static async Task FeedbackAsync(RuntimeHarness harness, string decisionId, double reward, string key) =>
        harness.Runtime.DeliverUpTo(await AppendFeedbackAsync(harness, decisionId, reward, key));

    private static async Task<long> AppendFeedbackAsync(RuntimeHarness harness, string decisionId, double reward, string key)
    {
        var receipts = await harness.Journal.AppendFeedbackAsync(
            RuntimeHarness.Tenant,
            [new FeedbackSubmission { DecisionId = decisionId, Reward = reward, IdempotencyKey = key }],
            harness.Time.GetUtcNow(),
            default);
        return receipts[0].Sequence!.Value;
    }
}
