using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Grains;

/// <summary>Old decisions go, and nothing of what was learned from them.</summary>
public sealed class RetentionGrainTests : IAsyncLifetime, IDisposable
{
    private const string Tenant = "acme";

    private readonly TemporaryDirectory _archive = new();
    private SqliteStoreFixture _store = null!;
    private OrleansEngineFixture _fixture = null!;

    private ITenantEngine Engine => _fixture.Engine;

    public async Task InitializeAsync()
    {
        _store = new SqliteStoreFixture();
        _fixture = await OrleansEngineFixture.StartAsync(_store, silo: silo =>
        {
            silo.Services.AddSingleton<IJournalRetention>(_ => new SqliteRetention(_store.Database));
            silo.Services.Configure<RetentionOptions>(options => (options.Days, options.Archive) = (3, _archive.Path));
        });
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    public void Dispose() => _archive.Dispose();

    [Fact]
    public async Task Old_decisions_go_into_the_archive_and_the_tenant_is_what_it_was_after_a_crash_and_with_a_damaged_snapshot()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        await DecideAsync(12);
        _fixture.Time.Advance(TimeSpan.FromDays(5));
        await DecideAsync(3);
        var before = (await Engine.DescribeAsync(Tenant, default)).StateHash;

        Assert.Equal(12, await RunAsync());
        Assert.Equal(0, await RunAsync());
        Assert.Equal([13, 14, 15], (await _fixture.Journal.ReadDecisionsAsync(Tenant, 0, 100, default)).Select(decision => decision.Ordinal));
        var archived = await new JournalArchive(_archive.Path).ReadAsync(Tenant, default);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), archived.Select(one => one.Stored.Decision.Ordinal));
        Assert.All(archived, one => Assert.NotNull(one.Stored.Reward));
        Assert.Equal(before, (await Engine.DescribeAsync(Tenant, default)).StateHash);

        await DecideAsync(4);
        var after = (await Engine.DescribeAsync(Tenant, default)).StateHash;
        await _fixture.CrashAsync();
        Assert.Equal(after, (await Engine.DescribeAsync(Tenant, default)).StateHash);

        await _fixture.RestartAsync();
        await DamageSnapshotAsync();
        await _fixture.CrashAsync();
        Assert.Equal(after, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await DecideAsync(2);
    }

    [Fact]
    public async Task A_tenant_without_a_usable_state_is_refused_by_name_and_no_other()
    {
        foreach (var tenant in (string[])[Tenant, "other"])
        {
            await Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default);
            await DecideAsync(2, tenant);
        }

        _fixture.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(4, await RunAsync());
        await _fixture.RestartAsync();
        await DamageSnapshotAsync();
        await using (var connection = new SqliteConnection($"Data Source={_store.File};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var damage = connection.CreateCommand();
            damage.CommandText = "UPDATE tenant_bases SET state = x'00' WHERE tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = 'acme')";
            await damage.ExecuteNonQueryAsync();
        }

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await Engine.DescribeAsync(Tenant, default));
        Assert.Contains("'acme' begins after what was dropped", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Engine.DescribeAsync("other", default)).Decisions);
    }

    [Fact]
    public async Task A_decision_that_may_still_get_a_default_reward_stays()
    {
        var waiting = TestTenants.Configuration() with { MissingReward = new MissingReward { After = TimeSpan.FromDays(10) } };
        await Engine.ConfigureAsync(Tenant, waiting, default);
        await DecideAsync(2);
        _fixture.Time.Advance(TimeSpan.FromDays(5));

        Assert.Equal(0, await RunAsync());
        _fixture.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, await RunAsync());
    }

    private async Task<long> RunAsync()
    {
        // A look that was taken just now is not taken again.
        _fixture.Time.Advance(TimeSpan.FromMinutes(31));
        return await _fixture.Cluster.Grains.GetGrain<IRetentionGrain>(0).RunAsync(default);
    }

    private async Task DamageSnapshotAsync()
    {
        var stored = (await _fixture.Snapshots.LoadAsync(Tenant, default))!;
        await _fixture.Snapshots.SaveAsync(Tenant, stored.Snapshot with { State = new byte[] { 1 } }, stored.ETag, default);
    }

    private async Task DecideAsync(int count, string tenant = Tenant)
    {
        for (var i = 0; i < count; i++)
        {
            var decision = await Engine.DecideAsync(tenant, TestTenants.Query(i), default);
            await Engine.SettleAsync(
                tenant,
                new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(1000, 0, 500), LatencySeconds = 1.5 },
                default);
            await Engine.SubmitFeedbackAsync(tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = i % 2 }], default);
        }
    }
}
