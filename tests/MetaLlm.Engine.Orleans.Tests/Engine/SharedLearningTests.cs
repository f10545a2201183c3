using MetaLlm.Core.Arms;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>Owners give what their tenants agreed to, take it back, and start tenants from the pool.</summary>
public sealed class SharedLearningTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, string> Models = new() { ["small"] = "up/small", ["medium"] = "up/medium", ["large"] = "up/large" };

    private readonly InMemoryTenantJournal _journal = new();
    private readonly InMemorySnapshotStore _snapshots = new();
    private readonly InMemorySharedLearningStore _shared = new();
    private readonly ManualTimeProvider _time = new();
    private MetaLlmCluster _cluster = null!;

    private ITenantEngine Engine => _cluster.Engine;

    public async Task InitializeAsync() => _cluster = await StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task A_tenant_starts_from_what_others_gave_and_replays_without_the_pool(int? shards)
    {
        await GiveAsync(3);
        var taking = TestTenants.Configuration() with { Sharing = new SharingSettings { Take = true, Models = Models }, Shards = shards };
        await Engine.ConfigureAsync("fourth", taking, default);
        var decision = await Engine.DecideAsync("fourth", TestTenants.Query(), default);
        Assert.Equal("large", decision.Arms.MaxBy(arm => arm.Quality)!.ArmId);
        Assert.All(await CardsAsync("fourth"), card => Assert.Equal(3, card!.Tenants));

        // Another silo rebuilds it from the journal alone; the same configuration asked again changes nothing, though the pool has changed.
        var before = await Engine.DescribeAsync("fourth", default);
        foreach (var tenant in Givers(3))
        {
            await Engine.ConfigureAsync(tenant, Giving() with { Sharing = null }, default);
        }

        Assert.Empty(await _shared.ListAsync(default));
        await _cluster.KillAsync();
        _cluster = await StartAsync();
        await Engine.ConfigureAsync("fourth", taking, default);
        var after = await Engine.DescribeAsync("fourth", default);
        Assert.Equal((before.StateHash, before.EventsApplied), (after.StateHash, after.EventsApplied));
    }

    [Fact]
    public async Task What_a_tenant_gave_goes_when_it_ends_to_give_or_is_deleted_and_does_not_come_back()
    {
        await GiveAsync(3);
        Assert.Equal(9, (await PoolAsync()).Count);
        await Engine.ConfigureAsync("giver-0", Giving() with { Sharing = new SharingSettings { Take = true, Models = Models } }, default);
        Assert.Equal(["giver-1", "giver-2"], (await _shared.ListAsync(default)).Select(one => one.Tenant));
        await Engine.DeleteTenantAsync("giver-1", default);
        Assert.Equal(["giver-2"], (await _shared.ListAsync(default)).Select(one => one.Tenant));

        // It agrees anew: what was decided in between, and before, stays where it is.
        await PlayAsync("giver-0", 10);
        await Engine.ConfigureAsync("giver-0", Giving(), default);
        await TickAsync("giver-0");
        await TickAsync("giver-0");
        Assert.Empty((await _cluster.Silo.GetRequiredService<ISharedLearning>().FindAsync("giver-0", default))!.Cells);
    }

    [Fact]
    public async Task A_tenant_that_never_agreed_gives_nothing()
    {
        await Engine.ConfigureAsync("silent", TestTenants.Configuration(), default);
        await Engine.ConfigureAsync("taker", TestTenants.Configuration() with { Sharing = new SharingSettings { Take = true, Models = Models } }, default);
        await PlayAsync("silent", 5);
        await PlayAsync("taker", 5);
        await GiveAsync(1);
        Assert.Equal(["giver-0"], (await _shared.ListAsync(default)).Select(one => one.Tenant));
    }

    [Fact]
    public async Task What_was_given_survives_silos_that_are_gone_without_a_word()
    {
        await GiveAsync(3);
        var pool = await PoolAsync();
        await _cluster.KillAsync();
        _cluster = await StartAsync();
        await Engine.DescribeAsync("giver-0", default);
        Assert.Equal(pool, await PoolAsync());
    }

    private static IEnumerable<string> Givers(int count) => Enumerable.Range(0, count).Select(i => $"giver-{i}");

    private static TenantConfiguration Giving() => TestTenants.Configuration() with { Policy = "random", PriceWeight = 0, Sharing = new SharingSettings { Give = true, Epsilon = 10, Models = Models } };

    private Task<MetaLlmCluster> StartAsync() => MetaLlmCluster.StartAsync(new SiloSetup
    {
        Journal = _journal,
        Snapshots = _snapshots,
        Time = _time,
        Engine = options => options.SweepPeriod = TimeSpan.FromMilliseconds(100),
        Tenants = options => options.UnsettledLimit = TimeSpan.FromDays(7),
        Silo = silo => silo.Services.AddSingleton<ISharedLearningStore>(_shared),
    });

    private async Task GiveAsync(int tenants)
    {
        foreach (var tenant in Givers(tenants))
        {
            await Engine.ConfigureAsync(tenant, Giving(), default);
            await PlayAsync(tenant, 60);
        }

        for (var period = 1; period <= 2; period++)
        {
            _time.Advance(Day);
            foreach (var tenant in Givers(tenants))
            {
                await ReachAsync(tenant);
            }
        }
    }

    private async Task TickAsync(string tenant)
    {
        _time.Advance(Day);
        await ReachAsync(tenant);
    }

    /// <summary>Waits until the owner has given at the time that it is.</summary>
    private Task ReachAsync(string tenant) => Eventually.TrueAsync(
        $"{tenant} gives", async () =>
        {
            // A call brings the owner into memory where it has left.
            await Engine.DescribeAsync(tenant, default);
            return (await _cluster.Silo.GetRequiredService<ISharedLearning>().FindAsync(tenant, default))?.At == _time.GetUtcNow();
        });

    private async Task PlayAsync(string tenant, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            var decision = await Engine.DecideAsync(tenant, TestTenants.Query(i), default);
            await Engine.SubmitFeedbackAsync(tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = decision.ChosenArm switch { "large" => 1, "medium" => 0.5, _ => 0 } }], default);
        }
    }

    private async Task<IReadOnlyList<PooledCell>> PoolAsync() => [.. (await _cluster.Silo.GetRequiredService<ISharedLearning>().PoolAsync(default)).Where(cell => cell.Topic is "" or "chat" or "code")];

    private async Task<IEnumerable<ModelCard?>> CardsAsync(string tenant) =>
        ((ConfiguredEvent)(await _journal.ReadEventsAsync(tenant, 0, 1, default))[0]).Configuration.Arms.Select(arm => arm.Card);
}
