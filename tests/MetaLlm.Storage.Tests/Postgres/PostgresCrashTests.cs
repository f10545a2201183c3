using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Storage.Tests.Postgres;

public sealed class PostgresCrashTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public Task A_server_that_crashes_under_load_loses_nothing_that_was_acknowledged() => CrashUnderLoadAsync(server => server.StopAsync(immediate: true));

    [PostgresFact]
    public Task A_server_that_is_killed_under_load_loses_nothing_that_was_acknowledged() => CrashUnderLoadAsync(server => server.KillAsync());

    [PostgresFact]
    public async Task Without_the_server_everybody_who_waits_is_told_and_with_it_the_store_works_again()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var store = await PostgresStoreFixture.CreateAsync(server);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        Assert.Single(await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));
        await server.StopAsync();

        var appends = Enumerable.Range(0, 20).Select(i => store.Journal.AppendDecisionAsync(TestTenants.Decision($"t{i}", 1, 0), default).AsTask()).ToList();
        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<EngineUnavailableException>(() => append);
        }

        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));
        await server.StartAgainAsync();

        Assert.Empty(await store.Journal.ReadDecisionsAsync("t0", 0, 10, default));
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default);
        Assert.Equal(2, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    [PostgresFact]
    public async Task A_connection_that_died_while_it_lay_idle_is_replaced_without_anybody_noticing()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var store = await PostgresStoreFixture.CreateAsync(server);
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        Assert.Single(await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));
        await server.StopAsync();
        await server.StartAgainAsync();

        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default);
        Assert.Equal(2, (await store.Journal.ReadDecisionsAsync("acme", 0, 10, default)).Count);
    }

    private static async Task CrashUnderLoadAsync(Func<PostgresServer, Task> crash)
    {
        const int Tenants = 4;
        await using var server = await PostgresServer.StartAsync(flush: true);
        await using var store = await PostgresStoreFixture.CreateAsync(server);
        for (var t = 0; t < Tenants; t++)
        {
            await store.Journal.AppendDecisionAsync(TestTenants.Decision($"tenant-{t}", 1, 0), default);
        }

        var acknowledged = new ConcurrentDictionary<(string Tenant, long Sequence), double>();
        var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var (tenant, reward) = ($"tenant-{writer % Tenants}", (i % 100) / 100.0);
                try
                {
                    var submission = new FeedbackSubmission { DecisionId = "d-1", Reward = reward, IdempotencyKey = $"{writer}-{i}" };
                    var receipt = (await store.Journal.AppendFeedbackAsync(tenant, [submission], Noon, default))[0];
                    Assert.True(acknowledged.TryAdd((tenant, receipt.Sequence!.Value), reward));
                    if (acknowledged.Count > 400)
                    {
                        underWay.TrySetResult();
                    }
                }
                catch (EngineUnavailableException)
                {
                    return (tenant, reward, Key: $"{writer}-{i}");
                }
            }
        })).ToArray();
        await Task.WhenAny(underWay.Task, Task.WhenAll(writers));
        await crash(server);
        var interrupted = await Task.WhenAll(writers);
        await server.StartAgainAsync();

        // Whether the interrupted ones are there is open; sending them again must leave each there once.
        foreach (var (tenant, reward, key) in interrupted)
        {
            var receipt = (await store.Journal.AppendFeedbackAsync(
                tenant, [new FeedbackSubmission { DecisionId = "d-1", Reward = reward, IdempotencyKey = key }], Noon, default))[0];
            Assert.True(acknowledged.TryAdd((tenant, receipt.Sequence!.Value), reward));
        }

        Assert.True(acknowledged.Count > 400);
        foreach (var tenant in acknowledged.GroupBy(item => item.Key.Tenant))
        {
            var found = (await store.Journal.ReadEventsAsync(tenant.Key, 0, 1_000_000, default)).Cast<RewardedEvent>().ToList();
            Assert.Equal(Enumerable.Range(1, found.Count).Select(i => (long)i), found.Select(e => e.Sequence));
            Assert.Equal(found.Count, tenant.Count());
            Assert.All(tenant, item => Assert.Equal(item.Value, found[(int)item.Key.Sequence - 1].Reward));
        }
    }
}
