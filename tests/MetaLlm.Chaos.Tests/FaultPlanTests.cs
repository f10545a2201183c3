using MetaLlm.Chaos.Faults;

namespace MetaLlm.Chaos.Tests;

public sealed class FaultPlanTests
{
    [Fact]
    public void The_same_seed_draws_the_same_faults()
    {
        Assert.Equal(FaultPlan.Draw(7, 200, FaultKinds.All), FaultPlan.Draw(7, 200, FaultKinds.All));
        Assert.NotEqual(FaultPlan.Draw(7, 200, FaultKinds.All), FaultPlan.Draw(8, 200, FaultKinds.All));
    }

    [Fact]
    public void Every_possible_kind_comes_and_no_other()
    {
        FaultKind[] possible = [FaultKind.Kill, FaultKind.Freeze, FaultKind.DiskFull];
        var drawn = FaultPlan.Draw(1, 30, possible);
        Assert.Equal(Enumerable.Range(1, 30), drawn.Select(order => order.Number));
        Assert.Equal(possible, drawn.Select(order => order.Kind).Distinct().Order());
    }

    [Fact]
    public void Fewer_faults_than_kinds_are_of_different_kinds() =>
        Assert.Equal(4, FaultPlan.Draw(1, 4, FaultKinds.All).Select(order => order.Kind).Distinct().Count());

    [Fact]
    public void A_frozen_host_is_frozen_for_half_a_minute() =>
        Assert.All(FaultPlan.Draw(1, 20, [FaultKind.Freeze]), order => Assert.Equal(TimeSpan.FromSeconds(30), order.Length));

    [Fact]
    public void Kinds_have_names_of_their_own() =>
        Assert.Equal(FaultKinds.All.Count, FaultKinds.All.Select(kind => kind.Name()).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void What_a_tenant_has_cost_is_read_from_metrics()
    {
        const string Metrics = """
            # TYPE metallm_engine_cost_usd_USD_total counter
            metallm_engine_cost_usd_USD_total{otel_scope_name="MetaLlm.Engine",tenant="tenant-0",arm="a"} 0.5 1700000000000
            metallm_engine_cost_usd_USD_total{otel_scope_name="MetaLlm.Engine",tenant="tenant-0",arm="b"} 0.25
            metallm_engine_cost_usd_USD_total{otel_scope_name="MetaLlm.Engine",tenant="tenant-12",arm="a"} 1E-05
            metallm_engine_wasted_usd_USD_total{otel_scope_name="MetaLlm.Engine",tenant="tenant-3",arm="a"} 9
            """;
        Assert.Equal(new Dictionary<string, double> { ["tenant-0"] = 0.75, ["tenant-12"] = 1e-5 }, OwnerWatch.Costs(Metrics));
    }
}
