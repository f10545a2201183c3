using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace MetaLlm.Engine.Orleans.Tests.Streams;

/// <summary>Feedback reaches the owner by the stream; what the stream loses, the journal has.</summary>
public sealed class RewardStreamTests
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Feedback_reaches_the_owner_without_a_look_into_the_journal()
    {
        await using var fixture = await StartAsync(TimeSpan.FromHours(1));
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        var reads = 0;
        fixture.Faults.BeforeEventsAreRead = () =>
        {
            Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };

        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId)], default);

        // The configuration and the reward.
        Assert.Equal(2, await AppliedAsync(fixture, 2));
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task A_lost_item_is_found_in_the_journal_while_nobody_calls()
    {
        await using var fixture = await StartAsync(TimeSpan.FromMilliseconds(100));
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Straight into the journal: the stream never hears of it.
        await fixture.Journal.AppendFeedbackAsync(Tenant, [Feedback(decision.DecisionId)], fixture.Time.GetUtcNow(), default);
        fixture.Faults.BeforeEventsAreRead = () =>
        {
            read.TrySetResult();
            return Task.CompletedTask;
        };
        await read.Task.WaitAsync(Patience);

        // The next decision waits for its turn, hence for the catching up, and looks nowhere itself.
        Assert.Equal(2, (await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(1), default)).AppliedSequence);
    }

    [Fact]
    public async Task A_stream_provider_that_the_silo_does_not_have_is_refused_by_name()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => OrleansEngineFixture.StartAsync(new InMemoryStoreFixture(), options => options.StreamProvider = "rewards", silo: silo => silo.AddMemoryStreams("mine")));

        Assert.Contains("StreamProvider is 'rewards', which is no stream provider of this silo; it has mine.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_transport_carries_rewards_under_its_name()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(
            new InMemoryStoreFixture(),
            options => (options.StreamProvider, options.CatchUpPeriod) = ("mine", TimeSpan.FromHours(1)),
            silo: silo => silo.AddMemoryStreams("mine", streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly)));
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId)], default);

        Assert.Equal(2, await AppliedAsync(fixture, 2));
    }

    [Fact]
    public async Task Feedback_is_acknowledged_and_learned_from_though_the_stream_fails()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(
            new InMemoryStoreFixture(),
            options => (options.StreamProvider, options.CatchUpPeriod) = ("broken", TimeSpan.FromHours(1)),
            silo: silo => silo.Services.AddKeyedSingleton<IStreamProvider>(
                "broken", (_, _) => throw new InvalidOperationException("The stream provider cannot be made.")));
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        var receipts = await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId)], default);

        Assert.Equal(FeedbackStatus.Accepted, Assert.Single(receipts).Status);
        Assert.Equal(1, (await fixture.Engine.DescribeAsync(Tenant, default)).RewardsApplied);
    }

    [Fact]
    public async Task Feedback_wakes_an_owner_that_is_out_of_memory()
    {
        await using var fixture = await StartAsync(TimeSpan.FromHours(1));
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await fixture.EvictIdleAsync();
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Faults.BeforeEventsAreRead = () =>
        {
            loaded.TrySetResult();
            return Task.CompletedTask;
        };

        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId)], default);

        await loaded.Task.WaitAsync(Patience);
        await fixture.Cluster.Grains.GetGrain<ITenantPolicyGrain>(Tenant).CheckpointAsync(default);
        Assert.Equal(2, (await fixture.Snapshots.LoadAsync(Tenant, default))!.Snapshot.AppliedSequence);
    }

    /// <summary>Decides until the owner has applied more than it had, without asking it to catch up.</summary>
    private static async Task<long> AppliedAsync(OrleansEngineFixture fixture, int query)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(query++), limit.Token);
            if (decision.AppliedSequence > 1)
            {
                return decision.AppliedSequence;
            }
        }
    }

    private static async Task<OrleansEngineFixture> StartAsync(TimeSpan catchUp)
    {
        var fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture(), options => options.CatchUpPeriod = catchUp);
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        return fixture;
    }

    private static FeedbackSubmission Feedback(string decisionId) => new() { DecisionId = decisionId, Reward = 1, IdempotencyKey = "key" };
}
