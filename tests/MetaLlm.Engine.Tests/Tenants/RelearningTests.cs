using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class RelearningTests
{
    [Fact]
    public async Task Another_owner_that_hears_of_it_later_learns_the_same()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync(new() { ReplayPageSize = 3 });
        await TeachAsync(harness, 8);
        var other = harness.StartOther();
        await other.ActivateAsync(default);
        await harness.Runtime.RelearnAsync(default);
        await other.CatchUpAsync(default);

        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(other));
        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(harness.StartOther()));
    }

    [Fact]
    public async Task Decisions_that_are_on_their_way_are_waited_for_and_learned_from()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await TeachAsync(harness, 4);
        var held = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => held.Task;
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(9), default);
        var relearning = harness.Runtime.RelearnAsync(default).AsTask();
        Assert.False(relearning.IsCompleted);
        held.SetResult();

        Assert.Equal(5, (await relearning).Decisions);
        await pending.Durable;
        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(harness.StartOther()));
    }

    [Fact]
    public async Task An_event_among_decisions_on_their_way_is_folded_when_they_are_durable()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await TeachAsync(harness, 4);
        var held = new TaskCompletionSource();
        harness.Faults.BeforeDecisions = _ => held.Task;
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(9), default);
        harness.Runtime.Deliver(await harness.Journal.AppendRelearningAsync(RuntimeHarness.Tenant, TestTenants.Configuration(), harness.Time.GetUtcNow(), default));
        var next = harness.Runtime.DecideAsync(TestTenants.Query(10), default).AsTask();
        Assert.False(next.IsCompleted);
        held.SetResult();

        await (await next).Durable;
        await pending.Durable;
        Assert.Equal(await RuntimeHarness.HashAsync(harness.Runtime), await RuntimeHarness.HashAsync(harness.StartOther()));
        var folded = await JournalOracle.FoldAsync(harness.Journal, RuntimeHarness.Tenant, new FixedEmbedder("fixed-8").Model);
        Assert.Equal(folded.Report().StateHash, await RuntimeHarness.HashAsync(harness.Runtime));
    }

    [Fact]
    public async Task A_call_of_an_arm_that_was_renamed_meanwhile_is_priced_as_that_arm()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(9) with { PinnedArm = "large" }, default);
        await pending.Durable;
        var configuration = TestTenants.Configuration();
        await harness.Runtime.ConfigureAsync(
            configuration with { Arms = [.. configuration.Arms.Take(2), configuration.Arms[2] with { Id = "huge", RenamedFrom = "large" }] }, PolicyRestart.Refuse, default);

        var priced = await harness.Runtime.PriceAsync(
            new Settlement { DecisionId = pending.Record.DecisionId, Outcome = CallOutcome.Completed, Usage = new(1000, 0, 1000) }, default);
        Assert.Equal(0.04, priced!.CostUsd!.Value, 12);
    }

    private static async Task TeachAsync(RuntimeHarness harness, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var decided = await harness.Runtime.DecideAsync(TestTenants.Query(i), default);
            await decided.Durable;
            var receipts = await harness.Journal.AppendFeedbackAsync(
                RuntimeHarness.Tenant,
                [new FeedbackSubmission { DecisionId = decided.Record.DecisionId, Reward = i % 2, IdempotencyKey = "k" }],
                harness.Time.GetUtcNow(),
                default);
            harness.Runtime.Deliver(receipts[0].Recorded!);
        }
    }
}
