using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>A call that was lost on its way is sent again, and may arrive twice.</summary>
public sealed class RepeatedCallTests
{
    private const string Tenant = "acme";

    [Fact]
    public async Task A_decision_that_is_asked_for_twice_is_made_once()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var owner = fixture.Cluster.Grains.GetGrain<ITenantPolicyGrain>(Tenant);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Faults.BeforeDecisions = _ => gate.Task;
        var call = Guid.NewGuid();

        var asked = new[] { owner.DecideAsync(TestTenants.Query(), call, default).AsTask(), owner.DecideAsync(TestTenants.Query(), call, default).AsTask() };
        gate.SetResult();
        var decided = await Task.WhenAll(asked);
        var later = await owner.DecideAsync(TestTenants.Query(), call, default);
        var other = await owner.DecideAsync(TestTenants.Query(), Guid.NewGuid(), default);

        Assert.Equal(decided[0].DecisionId, decided[1].DecisionId);
        Assert.Equal(decided[0].DecisionId, later.DecisionId);
        Assert.Equal(decided[0].Ordinal + 1, other.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_failed_is_made_anew_when_it_is_asked_for_again()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var owner = fixture.Cluster.Grains.GetGrain<ITenantPolicyGrain>(Tenant);
        fixture.Faults.BeforeDecisions = _ => throw new Ports.EngineUnavailableException("The store is away.");
        var call = Guid.NewGuid();
        await Assert.ThrowsAsync<Ports.EngineUnavailableException>(async () => await owner.DecideAsync(TestTenants.Query(), call, default));
        fixture.Faults.BeforeDecisions = null;

        Assert.Equal(1, (await owner.DecideAsync(TestTenants.Query(), call, default)).Ordinal);
    }
}
