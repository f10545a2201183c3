using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>A tenant whose journal takes longer to fold than a call may wait.</summary>
public sealed class RebuildTests
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Calls_are_refused_meanwhile_and_a_configuration_waits_without_holding_them_up()
    {
        await using var fixture = await StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Faults.BeforeEventsAreRead = () => gate.Task;

        await RefusedAsync(fixture);
        var configured = fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default).AsTask();
        await RefusedAsync(fixture);
        await RefusedAsync(fixture);
        Assert.False(configured.IsCompleted);

        gate.SetResult();
        await configured.WaitAsync(Longest);
        Assert.Equal(21, (await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default)).Ordinal);
    }

    private static async Task RefusedAsync(OrleansEngineFixture fixture) => Assert.Equal(
        Tenant, (await Assert.ThrowsAsync<TenantRebuildingException>(async () => await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default))).Tenant);

    /// <summary>A tenant of twenty decisions and rewards, without a snapshot.</summary>
    private static async Task<OrleansEngineFixture> StartAsync()
    {
        var fixture = await OrleansEngineFixture.StartAsync(
            new InMemoryStoreFixture(),
            tenants: options => (options.RebuildPatience, options.RebuildSaveEvery, options.CheckpointEvery, options.ReplayPageSize) = (TimeSpan.FromMilliseconds(50), 7, 1000, 1));
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        for (var i = 0; i < 20; i++)
        {
            var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
            await fixture.Engine.SubmitFeedbackAsync(Tenant, [new() { DecisionId = decision.DecisionId, Reward = 1, IdempotencyKey = "key" }], default);
        }

        await fixture.CrashAsync();
        return fixture;
    }
}
