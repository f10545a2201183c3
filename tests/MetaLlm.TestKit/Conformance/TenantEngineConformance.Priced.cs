using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.TestKit.Conformance;

public abstract partial class TenantEngineConformance<TEngine>
{
    [ConformanceFact]
    public async Task A_call_of_a_model_beside_the_policy_is_booked_and_survives_a_crash_and_a_rebuild()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { HardCapUsd = 0.02, UsdPerDay = 1 }, default);
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Priced(), default);
        Assert.Equal(("embedder-a", DecisionRecord.ByPrice, 0.001, 0.004, 0), (decision.ChosenArm, decision.Policy, decision.ReservedUsd, decision.BoundUsd, decision.Context.Length));
        Assert.Equal([false, true], decision.Arms.Select(arm => arm.Propensity == 1));

        await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "embedder-b", 0.002, "timeout", 0.008), default);
        Assert.Equal(0.012, (await Engine.DescribeAsync(Tenant, default)).BoundUsd, 12);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId) with { CostUsd = 0.0015 }, default);
        var before = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((0.0015, 0, 0), (before.SpendUsd, before.ReservedUsd, before.BoundUsd));

        await _fixture.CrashAsync();
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        var stored = (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!;
        Assert.Equal(("embedder-b", 0.0015), (stored.ServedArm, stored.Settlement!.CostUsd));
        Assert.False(stored.Decision.IsOfPolicy);
    }

    [ConformanceFact]
    public async Task Caps_hold_back_what_calls_of_models_beside_the_policy_can_cost()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { HardCapUsd = 0.01 }, default);
        var first = await Engine.DecideAsync(Tenant, TestTenants.Priced(), default);
        var second = await Engine.DecideAsync(Tenant, TestTenants.Priced(), default);
        var refused = await Assert.ThrowsAsync<NoFeasibleArmException>(async () => await Engine.DecideAsync(Tenant, TestTenants.Priced(), default));
        Assert.All(refused.Exclusions, exclusion => Assert.Equal(ArmExclusions.OverHardCap, exclusion.Value));
        Assert.NotNull(refused.HardCap);

        await Engine.SettleAsync(Tenant, Ended(first.DecisionId) with { CostUsd = 0.0001 }, default);
        await Engine.SettleAsync(Tenant, Ended(second.DecisionId) with { CostUsd = 0 }, default);
        Assert.Equal("embedder-a", (await Engine.DecideAsync(Tenant, TestTenants.Priced(), default)).ChosenArm);
    }
}
