using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

public sealed class MailboxTests
{
    private const string Tenant = "acme";

    [Fact]
    public async Task A_caller_that_waits_its_turn_can_give_up_at_once()
    {
        await using var fixture = await StartAsync();
        await using var hold = await Hold.TakeAsync(fixture);
        using var patience = new CancellationTokenSource();
        var waiting = fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await hold.ReleaseAsync();
        Assert.Equal(0, (await fixture.Engine.DescribeAsync(Tenant, default)).Decisions);
    }

    [Fact]
    public async Task A_caller_before_a_full_mailbox_waits_for_room_and_can_give_up_too()
    {
        await using var fixture = await StartAsync();
        await using var hold = await Hold.TakeAsync(fixture);
        using var patience = new CancellationTokenSource();
        var queued = Enumerable.Range(0, 16).Select(i => fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default).AsTask()).ToList();
        var beyond = Enumerable.Range(0, 4).Select(i => fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default).AsTask()).ToList();
        var impatient = fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await hold.ReleaseAsync();
        var decisions = await Task.WhenAll(queued.Concat(beyond));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), decisions.Select(d => d.Ordinal).Order());
    }

    [Fact]
    public async Task Stopping_runs_what_waits_saves_it_and_takes_no_more()
    {
        await using var fixture = await StartAsync();
        await using var hold = await Hold.TakeAsync(fixture);
        var waiting = Enumerable.Range(0, 10).Select(i => fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default).AsTask()).ToList();

        var stop = fixture.InProcess.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default));
        await hold.ReleaseAsync();

        Assert.Equal(10, (await Task.WhenAll(waiting)).Length);
        await stop;
        Assert.Equal(10, (await fixture.Snapshots.LoadAsync(Tenant, default))!.Snapshot.DecisionOrdinal);
    }

    [Fact]
    public async Task Calls_that_meet_an_eviction_are_served_by_the_next_activation()
    {
        await using var fixture = await StartAsync();
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
                await fixture.EvictIdleAsync();
            }
        }));

        await Task.WhenAll(callers);

        var report = await fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal(80, report.Decisions);
        Assert.Equal(await JournalOracle.HashAsync(fixture, Tenant), report.StateHash);
    }

    [Fact]
    public async Task One_tenant_that_is_held_up_does_not_hold_up_another()
    {
        await using var fixture = await StartAsync();
        await fixture.Engine.ConfigureAsync("other", TestTenants.Configuration(), default);
        await fixture.Engine.DecideAsync("other", TestTenants.Query(), default);
        await using var hold = await Hold.TakeAsync(fixture);
        var waiting = fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default).AsTask();

        Assert.Equal(2, (await fixture.Engine.DecideAsync("other", TestTenants.Query(), default)).Ordinal);

        Assert.False(waiting.IsCompleted);
        await hold.ReleaseAsync();
        await waiting;
    }

    private static async Task<InProcessEngineFixture> StartAsync()
    {
        var fixture = new InProcessEngineFixture(new InMemoryStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        return fixture;
    }

    /// <summary>Keeps the tenant's owner busy in a call until it is released.</summary>
    private sealed class Hold(InProcessEngineFixture fixture, TaskCompletionSource gate, Task held) : IAsyncDisposable
    {
        public static async Task<Hold> TakeAsync(InProcessEngineFixture fixture)
        {
            var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            fixture.Faults.BeforeEventsAreRead = () =>
            {
                entered.TrySetResult();
                return gate.Task;
            };
            var held = fixture.Engine.DescribeAsync(Tenant, default).AsTask();
            await entered.Task;
            return new Hold(fixture, gate, held);
        }

        public async Task ReleaseAsync()
        {
            fixture.Faults.BeforeEventsAreRead = null;
            gate.TrySetResult();
            await held;
        }

        public async ValueTask DisposeAsync() => await ReleaseAsync();
    }
}
