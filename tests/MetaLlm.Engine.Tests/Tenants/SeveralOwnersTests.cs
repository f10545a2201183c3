using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class SeveralOwnersTests
{
    private static readonly string[] Names = ["acme", "acme#2", "acme#3"];

    private readonly InMemoryTenantJournal _journal = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FaultyJournal _faults;
    private InMemorySnapshotStore _snapshots = new();
    private TenantRuntimeOptions _options = new() { CheckpointEvery = 25, ReplayPageSize = 7 };

    public SeveralOwnersTests() => _faults = new FaultyJournal(_journal);

    [Fact]
    public async Task Every_owner_comes_back_as_it_was_from_snapshots_and_journals_and_from_journals_alone()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 90);
        var lived = await HashesAsync(owners);
        Assert.Equal(lived, await HashesAsync(owners));
        for (var number = 1; number <= 3; number++)
        {
            Assert.Equal(lived[number - 1], (await JournalOracle.FoldAsync(_journal, Names[number - 1], new FixedEmbedder("fixed-8").Model)).Report().StateHash);
        }

        Assert.Equal(lived, await HashesAsync(Names.Select(Runtime).ToArray()));
        _snapshots = new InMemorySnapshotStore();
        Assert.Equal(lived, await HashesAsync(Names.Select(Runtime).ToArray()));
        foreach (var name in Names)
        {
            Assert.Contains(await _journal.ReadEventsAsync(name, 0, 10_000, default), recorded => recorded is TookInEvent);
        }
    }

    [Fact]
    public async Task Everybody_knows_what_everybody_was_told()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 60);
        foreach (var owner in owners)
        {
            var report = await owner.DescribeAsync(default);
            Assert.Equal((20, 60, 60), (report.Decisions, report.Arms.Sum(arm => arm.Statistics.Pulls), report.Arms.Sum(arm => arm.Statistics.Rewards)));
        }
    }

    [Fact]
    public async Task Owners_that_have_nothing_new_to_tell_write_nothing()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 9);
        await HashesAsync(owners);
        var heads = await _journal.ReadHeadsAsync(Names, default);
        for (var round = 0; round < 5; round++)
        {
            await HashesAsync(owners);
        }

        Assert.Equal(heads, await _journal.ReadHeadsAsync(Names, default));
    }

    [Fact]
    public async Task A_long_absence_is_made_up_in_parts()
    {
        _options = new TenantRuntimeOptions { CheckpointEvery = 100_000 };
        var owners = await StartAsync();
        for (var i = 0; i < 2100; i++)
        {
            await ServeAsync(owners[1], i);
        }

        Assert.True(await owners[0].ExchangeAsync(default));
        await owners[0].ActivateAsync(default);
        var report = await owners[0].DescribeAsync(default);
        Assert.Equal(2100, report.Arms.Sum(arm => arm.Statistics.Pulls));
        Assert.InRange((await _journal.ReadEventsAsync("acme", 0, 100, default)).Count(recorded => recorded is TookInEvent), 2, 4);
        Assert.Equal(report.StateHash, (await JournalOracle.FoldAsync(_journal, "acme", new FixedEmbedder("fixed-8").Model)).Report().StateHash);
    }

    [Fact]
    public async Task What_cannot_be_read_for_a_moment_is_taken_in_by_the_next_call()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 30);
        await owners[0].ExchangeAsync(default);
        var other = Runtime("acme");
        var fails = true;
        _faults.BeforeEventsAreRead = () => fails ? throw new EngineUnavailableException("The journal is away.") : Task.CompletedTask;
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await other.ActivateAsync(default));
        fails = false;
        Assert.Equal((await owners[0].DescribeAsync(default)).StateHash, (await other.DescribeAsync(default)).StateHash);
    }

    [Fact]
    public async Task An_owner_that_took_in_what_is_gone_is_refused_by_name()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 30);
        await owners[0].DescribeAsync(default);
        await _journal.DeleteTenantAsync("acme#3", default);
        _snapshots = new InMemorySnapshotStore();
        var damage = await Assert.ThrowsAsync<InvalidDataException>(async () => await Runtime("acme").ActivateAsync(default));
        Assert.Contains("'acme#3' is damaged", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_of_a_tenant_that_was_deleted_writes_nothing_into_the_journal_of_a_new_one()
    {
        var owners = await StartAsync();
        await PlayAsync(owners, 30);
        await owners[0].ActivateAsync(default);
        await _journal.DeleteTenantAsync("acme", default);
        await Assert.ThrowsAsync<FencedException>(async () => await owners[0].ExchangeAsync(default));
        await _journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), _time.GetUtcNow(), default);
        await Assert.ThrowsAsync<FencedException>(async () => await owners[0].ExchangeAsync(default));
        Assert.Single(await _journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [Fact]
    public async Task How_many_owners_there_are_stays_and_they_do_not_learn_again()
    {
        var owners = await StartAsync();
        var configuration = TestTenants.Configuration();
        foreach (var shards in (int?[])[null, 2, 4])
        {
            var refusal = await Assert.ThrowsAsync<ShardedTenantException>(async () => await owners[0].ConfigureAsync(configuration with { Shards = shards }, PolicyRestart.Forget, default));
            Assert.Contains($"shards is {shards ?? 1}; it was 3", refusal.Message, StringComparison.Ordinal);
        }

        await PlayAsync(owners, 3);
        await Assert.ThrowsAsync<ShardedTenantException>(async () => await owners[0].RelearnAsync(default));
        await Assert.ThrowsAsync<ShardedTenantException>(
            async () => await owners[0].ConfigureAsync(configuration with { Shards = 3, Policy = "linucb" }, PolicyRestart.Relearn, default));
        await owners[0].ConfigureAsync(configuration with { Shards = 3, Policy = "linucb" }, PolicyRestart.Forget, default);
        Assert.Equal(2, (await _journal.ReadEventsAsync("acme", 0, 100, default)).Count(recorded => recorded is ConfiguredEvent));
    }

    [Fact]
    public async Task Decisions_say_which_owner_made_them()
    {
        var owners = await StartAsync();
        foreach (var (owner, name) in owners.Zip(Names))
        {
            var pending = await owner.DecideAsync(TestTenants.Query(), default);
            await pending.Durable;
            Assert.Equal(name, TenantOwner.OfDecision("acme", pending.Record.DecisionId));
        }
    }

    private async Task<TenantRuntime[]> StartAsync()
    {
        var owners = Names.Select(Runtime).ToArray();
        foreach (var owner in owners)
        {
            await owner.ConfigureAsync(TestTenants.Configuration() with { Shards = 3, UsdPerDay = 100 }, PolicyRestart.Refuse, default);
        }

        return owners;
    }

    private async Task PlayAsync(TenantRuntime[] owners, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await ServeAsync(owners[i % owners.Length], i);
            if (i % 10 == 9)
            {
                await owners[i / 10 % owners.Length].ExchangeAsync(default);
            }
        }
    }

    private async Task ServeAsync(TenantRuntime owner, int number)
    {
        _time.Advance(TimeSpan.FromMilliseconds(10));
        var pending = await owner.DecideAsync(TestTenants.Query(number), default);
        await pending.Durable;
        var (id, at) = (pending.Record.DecisionId, _time.GetUtcNow());
        var settlement = new Settlement { DecisionId = id, Outcome = CallOutcome.Completed, Usage = new TokenUsage(20, 0, 30), CostUsd = 0.0001, LatencySeconds = 1 };
        owner.DeliverSettled((await _journal.AppendSettlementAsync(owner.Tenant, settlement, at, default))!);
        var receipts = await _journal.AppendFeedbackAsync(owner.Tenant, [new FeedbackSubmission { DecisionId = id, Reward = number % 5 / 4.0 }], at, default);
        owner.Deliver(receipts[0].Recorded!);
    }

    /// <summary>Until a round of looking has told nobody anything new, so that all are at rest.</summary>
    private static async Task<string[]> HashesAsync(TenantRuntime[] owners)
    {
        string[] before = [];
        while (true)
        {
            var hashes = new string[owners.Length];
            for (var i = 0; i < owners.Length; i++)
            {
                hashes[i] = (await owners[i].DescribeAsync(default)).StateHash;
            }

            if (hashes.SequenceEqual(before))
            {
                return hashes;
            }

            before = hashes;
        }
    }

    private TenantRuntime Runtime(string name) => new(name, new TenantRuntimeServices(
        _faults, _snapshots, new FixedEmbedder("fixed-8"), _time, Options.Create(_options), TestTenants.Metrics(), NullLogger<TenantRuntime>.Instance));
}
