using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.TestKit.Conformance;

public abstract partial class TenantEngineConformance<TEngine>
{
    [ConformanceFact]
    public async Task After_a_crash_the_state_is_byte_for_byte_what_it_was()
    {
        await ConfigureAsync();
        await RunAsync(Tenant, 0, 40);
        var before = await Engine.DescribeAsync(Tenant, default);

        await _fixture.CrashAsync();

        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(before.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task After_a_crash_decisions_are_the_ones_that_would_have_been_made_without_it()
    {
        await ConfigureAsync("straight");
        await ConfigureAsync("crashing");
        var straight = new List<string>();
        var crashing = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            straight.AddRange(await RunAsync("straight", i * 8, 8));
            crashing.AddRange(await RunAsync("crashing", i * 8, 8));
            await _fixture.CrashAsync();
        }

        Assert.Equal(straight, crashing);
    }

    [ConformanceFact]
    public async Task After_an_orderly_stop_the_snapshot_holds_everything()
    {
        await ConfigureAsync();
        await RunAsync(Tenant, 0, 10);
        var before = await Engine.DescribeAsync(Tenant, default);

        await _fixture.RestartAsync();

        var snapshot = (await _fixture.Snapshots.LoadAsync(Tenant, default))!.Snapshot;
        Assert.Equal((before.Decisions, before.EventsApplied), (snapshot.DecisionOrdinal, snapshot.AppliedSequence));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task An_idle_tenant_is_saved_and_comes_back_as_it_was()
    {
        await ConfigureAsync();
        await RunAsync(Tenant, 0, 10);
        var before = await Engine.DescribeAsync(Tenant, default);

        await _fixture.EvictIdleAsync();
        Assert.Equal(before.Decisions, (await _fixture.Snapshots.LoadAsync(Tenant, default))!.Snapshot.DecisionOrdinal);
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);

        Assert.Equal(11, (await Engine.DecideAsync(Tenant, TestTenants.Query(10), default)).Ordinal);
    }

    [ConformanceFact]
    public async Task Feedback_on_a_tenant_out_of_memory_is_there_when_it_comes_back()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await _fixture.EvictIdleAsync();

        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1)], default);
        await _fixture.CrashAsync();

        Assert.Equal(1, (await Engine.DescribeAsync(Tenant, default)).RewardsApplied);
        Assert.Equal(2, (await Engine.DecideAsync(Tenant, TestTenants.Query(), default)).AppliedSequence);
    }

    [ConformanceFact]
    public async Task A_damaged_snapshot_is_replaced_by_the_journal()
    {
        await ConfigureAsync();
        await RunAsync(Tenant, 0, 10);
        var before = await Engine.DescribeAsync(Tenant, default);
        await _fixture.RestartAsync();
        var stored = (await _fixture.Snapshots.LoadAsync(Tenant, default))!;
        var bytes = stored.Snapshot.State.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        await _fixture.Snapshots.SaveAsync(Tenant, stored.Snapshot with { State = bytes }, stored.ETag, default);

        await _fixture.CrashAsync();

        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await RunAsync(Tenant, 10, 5);
        await _fixture.RestartAsync();
        Assert.Equal(await JournalOracle.HashAsync(_fixture, Tenant), (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task A_deleted_tenant_is_unknown_and_begins_anew()
    {
        await ConfigureAsync();
        await ConfigureAsync("other");
        var fresh = (await Engine.DescribeAsync(Tenant, default)).StateHash;
        await RunAsync(Tenant, 0, 10);
        await RunAsync("other", 0, 3);
        var other = (await Engine.DescribeAsync("other", default)).StateHash;
        await _fixture.RestartAsync();
        await Engine.DescribeAsync(Tenant, default);

        await Engine.DeleteTenantAsync(Tenant, default);
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DescribeAsync(Tenant, default));
        await Engine.DeleteTenantAsync(Tenant, default);
        await _fixture.CrashAsync();
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DescribeAsync(Tenant, default));
        Assert.Equal(other, (await Engine.DescribeAsync("other", default)).StateHash);

        await ConfigureAsync();
        Assert.Equal(fresh, await JournalOracle.HashAsync(_fixture, Tenant));
        Assert.Equal(fresh, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await RunAsync(Tenant, 0, 10);
        await _fixture.RestartAsync();
        Assert.Equal(await JournalOracle.HashAsync(_fixture, Tenant), (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task Concurrent_calls_of_many_tenants_lose_nothing_and_apply_everything_once()
    {
        string[] tenants = ["a", "b", "c", "d"];
        await Task.WhenAll(tenants.Select(ConfigureAsync));

        await Task.WhenAll(Enumerable.Range(0, 160).Select(i => Task.Run(async () =>
        {
            var tenant = tenants[i % tenants.Length];
            var decision = await Engine.DecideAsync(tenant, TestTenants.Query(i), default);
            await Task.WhenAll(
                Engine.SettleAsync(tenant, Ended(decision.DecisionId), default).AsTask(),
                Engine.SubmitFeedbackAsync(tenant, [Feedback(decision.DecisionId, i % 2)], default).AsTask(),
                Engine.SubmitFeedbackAsync(tenant, [Feedback(decision.DecisionId, i % 2)], default).AsTask());
        })));

        foreach (var tenant in tenants)
        {
            var report = await Engine.DescribeAsync(tenant, default);
            Assert.Equal((40, 40, 81), (report.Decisions, report.RewardsApplied, report.EventsApplied));
            Assert.Equal(0, report.ReservedUsd, 12);
            Assert.Equal(await JournalOracle.HashAsync(_fixture, tenant), report.StateHash);
        }

        await _fixture.CrashAsync();
        Assert.Equal(await JournalOracle.HashAsync(_fixture, "a"), (await Engine.DescribeAsync("a", default)).StateHash);
    }

    [ConformanceFact]
    public async Task Two_owners_of_one_tenant_fence_each_other_off_and_the_journal_stays_whole()
    {
        await ConfigureAsync();
        var peer = await _fixture.StartPeerAsync();
        ITenantEngine[] owners = [Engine, peer];
        for (var i = 0; i < 20; i++)
        {
            var decision = await owners[i % 2].DecideAsync(Tenant, TestTenants.Query(i), default);
            Assert.Equal(i + 1, decision.Ordinal);
            await owners[(i + 1) % 2].SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, i % 2)], default);
        }

        var expected = await JournalOracle.HashAsync(_fixture, Tenant);
        Assert.Equal(expected, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(expected, (await peer.DescribeAsync(Tenant, default)).StateHash);
        await _fixture.RestartAsync();
        Assert.Equal(expected, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task A_description_includes_what_another_owner_recorded()
    {
        await ConfigureAsync();
        var peer = await _fixture.StartPeerAsync();
        await peer.DescribeAsync(Tenant, default);
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1)], default);

        var report = await peer.DescribeAsync(Tenant, default);

        Assert.Equal((1, 1), (report.Decisions, report.RewardsApplied));
    }

    /// <summary>Decides, settles and rewards a number of queries; some calls stay open, some are corrected.</summary>
    /// <returns>The chosen arm and its propensity for each.</returns>
    private async Task<List<string>> RunAsync(string tenant, int from, int count)
    {
        var chosen = new List<string>();
        for (var i = from; i < from + count; i++)
        {
            var decision = await Engine.DecideAsync(tenant, TestTenants.Query(i), default);
            chosen.Add(FormattableString.Invariant($"{decision.ChosenArm} {decision.Propensity:R} {decision.AppliedSequence}"));
            if (i % 5 != 0)
            {
                await Engine.SettleAsync(tenant, Ended(decision.DecisionId), default);
            }

            await Engine.SubmitFeedbackAsync(tenant, [Feedback(decision.DecisionId, i % 3 / 2.0)], default);
            if (i % 4 == 0)
            {
                await Engine.SubmitFeedbackAsync(tenant, [Feedback(decision.DecisionId, 1, "correction")], default);
            }

            // Feedback reaches an owner soon, not at once; a description waits for it, so that every run decides on the same events.
            await Engine.DescribeAsync(tenant, default);
        }

        return chosen;
    }
}
