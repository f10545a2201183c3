using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class AppendingTests
{
    [Fact]
    public async Task The_next_decision_does_not_wait_for_the_append_of_the_last_one()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var gate = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => gate.Task;

        var first = await harness.Runtime.DecideAsync(TestTenants.Query(1), default);
        var second = await harness.Runtime.DecideAsync(TestTenants.Query(2), default);

        Assert.Equal((1, 2), (first.Record.Ordinal, second.Record.Ordinal));
        Assert.False(first.Durable.IsCompleted || second.Durable.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(first.Durable, second.Durable);
        Assert.Equal(2, (await harness.Journal.ReadDecisionsAsync(RuntimeHarness.Tenant, 0, 10, default)).Count);
    }

    [Fact]
    public async Task One_append_is_on_its_way_at_a_time_and_the_rest_goes_together()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var gate = new TaskCompletionSource();
        var sizes = new List<int>();
        harness.Faults.BeforeDecisions = batch =>
        {
            sizes.Add(batch.Count);
            return gate.Task;
        };

        var pending = new List<Task>();
        for (var i = 0; i < 6; i++)
        {
            pending.Add((await harness.Runtime.DecideAsync(TestTenants.Query(i), default)).Durable);
        }

        Assert.Equal([1], sizes);
        gate.SetResult();
        await Task.WhenAll(pending);
        Assert.Equal([1, 5], sizes);
    }

    [Fact]
    public async Task When_an_append_fails_all_who_wait_get_the_error_and_the_next_call_starts_from_what_is_durable()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await (await harness.Runtime.DecideAsync(TestTenants.Query(0), default)).Durable;
        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        var gate = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => gate.Task;
        var lost = new List<Task>();
        for (var i = 1; i < 4; i++)
        {
            lost.Add((await harness.Runtime.DecideAsync(TestTenants.Query(i), default)).Durable);
        }

        gate.SetException(new IOException("disk full"));

        foreach (var durable in lost)
        {
            Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => durable)).Message);
        }

        harness.Faults.BeforeDecisions = null;
        Assert.Equal(before, await RuntimeHarness.HashAsync(harness.Runtime));
        var next = await harness.Runtime.DecideAsync(TestTenants.Query(9), default);
        await next.Durable;
        Assert.Equal(2, next.Record.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_follows_a_refused_one_is_never_sent()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var other = harness.StartOther();
        await other.ActivateAsync(default);
        var gate = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => gate.Task;
        var refused = await harness.Runtime.DecideAsync(TestTenants.Query(1), default);
        var following = await harness.Runtime.DecideAsync(TestTenants.Query(2), default);

        // The other owner takes ordinal 1. Ordinal 2, made upon a decision that never was, would now fit into the journal.
        var taken = await other.DecideAsync(TestTenants.Query(3), default);
        await taken.Durable;
        gate.SetResult();

        await Assert.ThrowsAsync<FencedException>(() => refused.Durable);
        await Assert.ThrowsAsync<FencedException>(() => following.Durable);
        var stored = Assert.Single(await harness.Journal.ReadDecisionsAsync(RuntimeHarness.Tenant, 0, 10, default));
        Assert.Equivalent(taken.Record, stored, strict: true);
        Assert.Equal(await RuntimeHarness.HashAsync(other), await RuntimeHarness.HashAsync(harness.Runtime));
    }

    [Fact]
    public async Task No_snapshot_is_saved_before_the_decisions_in_it_are_durable()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(new() { CheckpointEvery = 1 });
        await harness.Runtime.CheckpointAsync(default);
        var gate = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => gate.Task;
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(1), default);
        var checkpoint = harness.Runtime.CheckpointAsync(default).AsTask();

        Assert.Equal(0, (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot.DecisionOrdinal);
        gate.SetException(new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(() => pending.Durable);
        await checkpoint;
        Assert.Equal(0, (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot.DecisionOrdinal);
    }
}
