using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Conformance;

public abstract partial class TenantEngineConformance<TEngine>
{
    [ConformanceFact]
    public async Task A_comparison_counts_once_and_outlives_a_crash_with_the_certificate()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.CompareAsync(Tenant, 1, false, default));
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { Guarantee = new GuaranteeSettings { Reference = "large", Difference = 0.2 } }, default);
        var decisions = new List<DecisionRecord>();
        for (var i = 0; i < 60; i++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i) with { Origin = DecisionOrigin.Call }, default);
            decisions.Add(decision);
            if (decision.Guarantee is { Beside: not null })
            {
                await Engine.CompareAsync(Tenant, decision.Ordinal, false, default);
                await Engine.CompareAsync(Tenant, decision.Ordinal, true, default);
            }
        }

        var report = await Engine.DescribeAsync(Tenant, default);
        await _fixture.CrashAsync();
        var again = await Engine.DescribeAsync(Tenant, default);

        Assert.Equal(report.StateHash, again.StateHash);
        Assert.Equivalent(report.Guarantee, again.Guarantee, strict: true);
        Assert.All(again.Guarantee!.Certificate.Candidates, candidate => Assert.Equal(0, candidate.Differing));
        Assert.True(again.Guarantee.Certificate.Total.Diverted > 0);
        Assert.Equivalent(decisions, await _fixture.Journal.ReadDecisionsAsync(Tenant, 0, 100, default), strict: true);
        var verdicts = (await _fixture.Journal.ReadEventsAsync(Tenant, 0, 1000, default)).OfType<ComparedEvent>().ToList();
        Assert.Equal(decisions.Count(decision => decision.Guarantee!.Beside is not null), verdicts.Count);
    }
}
