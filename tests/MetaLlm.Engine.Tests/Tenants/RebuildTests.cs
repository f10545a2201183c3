using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

/// <summary>A state that takes longer to rebuild than a call may wait.</summary>
public sealed class RebuildTests
{
    private const int Requests = 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    [Fact]
    public async Task Calls_are_refused_while_the_journal_is_folded_and_none_of_them_ends_that()
    {
        var harness = await FilledAsync(new() { CheckpointEvery = 1000, RebuildPatience = TimeSpan.FromMilliseconds(50) });
        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        harness.Faults.BeforeEventsAreRead = () => HoldAfterAsync(0);
        var next = harness.StartFaulty();

        using (var impatient = new CancellationTokenSource())
        {
            var left = next.ActivateAsync(impatient.Token).AsTask();
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<TenantRebuildingException>(async () => await next.DecideAsync(TestTenants.Query(i), default));
            Assert.Equal(RuntimeHarness.Tenant, error.Tenant);
        }

        await _held.Task.WaitAsync(Longest);
        Assert.Equal(1, _reads);
        _gate.SetResult();
        await next.Rebuilt.WaitAsync(Longest);
        Assert.Equal(before, await RuntimeHarness.HashAsync(next));
    }

    [Fact]
    public async Task A_rebuild_that_is_stopped_goes_on_where_it_was()
    {
        var harness = await FilledAsync(new()
        {
            CheckpointEvery = 1000, ReplayPageSize = 1, RebuildSaveEvery = 7, RebuildPatience = TimeSpan.FromMilliseconds(50),
        });
        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        harness.Faults.BeforeEventsAreRead = () => HoldAfterAsync(Requests / 2);
        var stopped = harness.StartFaulty();
        await Assert.ThrowsAsync<TenantRebuildingException>(async () => await stopped.ActivateAsync(default));

        await _held.Task.WaitAsync(Longest);
        var stopping = stopped.DeactivateAsync(default).AsTask();
        _gate.SetResult();
        await stopping.WaitAsync(Longest);
        var saved = (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot;
        Assert.InRange(saved.AppliedSequence, 2, Requests);

        harness.Faults.BeforeEventsAreRead = () => HoldAfterAsync(int.MaxValue);
        _reads = 0;
        var resumed = harness.StartFaulty();
        Assert.Equal(before, await RuntimeHarness.HashAsync(resumed));
        Assert.True(_reads < Requests, $"{_reads} reads are as many as a rebuild from the beginning takes.");
    }

    [Fact]
    public async Task A_rebuild_that_saves_its_progress_leaves_the_state_bit_identical()
    {
        var harness = await FilledAsync(new() { CheckpointEvery = 1000, RebuildSaveEvery = 3 });

        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(harness.StartOther()));
        var saved = (await harness.Snapshots.LoadAsync(RuntimeHarness.Tenant, default))!.Snapshot;
        Assert.Equal((Requests, Requests + 1), (saved.DecisionOrdinal, saved.AppliedSequence));
        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(harness.StartOther()));
    }

    private static async Task<RuntimeHarness> FilledAsync(TenantRuntimeOptions options)
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(options);
        for (var i = 0; i < Requests; i++)
        {
            var pending = await harness.Runtime.DecideAsync(TestTenants.Query(i), default);
            await pending.Durable;
            var submission = new FeedbackSubmission { DecisionId = pending.Record.DecisionId, Reward = i % 3 / 2.0, IdempotencyKey = $"{i}" };
            foreach (var receipt in await harness.Journal.AppendFeedbackAsync(RuntimeHarness.Tenant, [submission], harness.Time.GetUtcNow(), default))
            {
                harness.Runtime.Deliver(receipt.Recorded!);
            }
        }

        await harness.Runtime.ActivateAsync(default);
        return harness;
    }

    private Task HoldAfterAsync(int reads)
    {
        if (Interlocked.Increment(ref _reads) <= reads)
        {
            return Task.CompletedTask;
        }

        _held.TrySetResult();
        return _gate.Task;
    }
}
