using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>Calls of one tenant interleave in its grain, and yet use the runtime one at a time.</summary>
public sealed class TurnTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OrleansEngineFixture _fixture = null!;

    public async Task InitializeAsync()
    {
        _fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
        await _fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Decisions_that_wait_for_a_commit_do_not_hold_up_the_next_and_share_one()
    {
        var batches = new List<int>();
        var entered = new TaskCompletionSource();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fixture.Faults.BeforeDecisions = async decisions =>
        {
            lock (batches)
            {
                batches.Add(decisions.Count);
            }

            entered.TrySetResult();
            await gate.Task;
        };

        var first = _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(0), default).AsTask();
        await entered.Task.WaitAsync(Patience);
        var more = Enumerable.Range(1, 10).Select(i => _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default).AsTask()).ToList();

        // Settling of an unknown decision needs a turn: when it is back, the decisions before it have had theirs.
        await _fixture.Engine.SettleAsync(Tenant, new Journal.Settlement { DecisionId = "none", Outcome = CallOutcome.Completed, Usage = default }, default);
        Assert.False(first.IsCompleted);
        Assert.All(more, decision => Assert.False(decision.IsCompleted));
        gate.SetResult();

        var made = await Task.WhenAll([first, .. more]).WaitAsync(Patience);
        Assert.Equal([1, 10], batches);
        Assert.Equal(Enumerable.Range(1, 11).Select(i => (long)i), made.Select(decision => decision.Ordinal));
    }

    [Fact]
    public async Task A_decision_handed_out_on_the_silo_is_the_owners_own_object()
    {
        IReadOnlyList<DecisionRecord>? appended = null;
        _fixture.Faults.BeforeDecisions = decisions =>
        {
            appended = decisions;
            return Task.CompletedTask;
        };

        var decision = await _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        Assert.Same(Assert.Single(appended!), decision);
    }

    [Fact]
    public async Task A_failed_append_reaches_everybody_who_waits_and_the_next_call_starts_from_what_is_durable()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fixture.Faults.BeforeDecisions = async _ =>
        {
            await gate.Task;
            throw new IOException("The disk is full.");
        };
        var waiting = Enumerable.Range(0, 5).Select(i => _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default).AsTask()).ToList();
        gate.SetResult();
        foreach (var decision in waiting)
        {
            await Assert.ThrowsAsync<IOException>(() => decision.WaitAsync(Patience));
        }

        _fixture.Faults.BeforeDecisions = null;
        Assert.Equal(1, (await _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default)).Ordinal);
    }

    [Fact]
    public async Task Interleaved_calls_of_every_kind_end_in_the_state_that_the_journal_describes()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var decision = await _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
            await _fixture.Engine.RerouteAsync(Tenant, new Journal.Reroute(decision.DecisionId, "large", 0.01, "timeout"), default);
            await _fixture.Engine.SettleAsync(
                Tenant, new Journal.Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new(10, 0, 5) }, default);
            await _fixture.Engine.SubmitFeedbackAsync(
                Tenant, [new Journal.FeedbackSubmission { DecisionId = decision.DecisionId, Reward = i % 2, IdempotencyKey = "k" }], default);
            if (i % 7 == 0)
            {
                await _fixture.Engine.DescribeAsync(Tenant, default);
            }
        })));

        var report = await _fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal((60, 60, 181), (report.Decisions, report.RewardsApplied, report.EventsApplied));
        Assert.Equal(await JournalOracle.HashAsync(_fixture, Tenant), report.StateHash);
    }

    [Fact]
    public async Task Calls_that_meet_an_eviction_are_served_by_the_next_activation()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
                await _fixture.EvictIdleAsync();
            }
        })));

        var report = await _fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal(20, report.Decisions);
        Assert.Equal(await JournalOracle.HashAsync(_fixture, Tenant), report.StateHash);
    }

    [Fact]
    public async Task One_tenant_that_is_held_up_does_not_hold_up_another()
    {
        await _fixture.Engine.ConfigureAsync("other", TestTenants.Configuration(), default);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fixture.Faults.BeforeDecisions = decisions => decisions[0].Tenant == Tenant ? gate.Task : Task.CompletedTask;
        var held = _fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default).AsTask();

        Assert.Equal(1, (await _fixture.Engine.DecideAsync("other", TestTenants.Query(), default).AsTask().WaitAsync(Patience)).Ordinal);

        Assert.False(held.IsCompleted);
        gate.SetResult();
        await held.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_sweep_at_activation_charges_what_nobody_settled()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(
            new InMemoryStoreFixture(), tenants: options => options.UnsettledLimit = TimeSpan.FromMinutes(1));
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query() with { Origin = DecisionOrigin.Call }, default);
        await fixture.EvictIdleAsync();

        TenantReport report;
        do
        {
            report = await fixture.Engine.DescribeAsync(Tenant, default).AsTask().WaitAsync(Patience);
        }
        while (report.SpendUsd == 0);

        Assert.Equal(decision.ReservedUsd, report.SpendUsd, 12);
        Assert.Equal(0, report.ReservedUsd, 12);
    }
}
