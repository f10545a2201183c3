using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Rollout.Challengers;

/// <summary>What becomes of challengers, in numbers.</summary>
internal sealed class ChallengerMetrics
{
    private readonly Counter<long> _looks;
    private readonly Counter<long> _promotions;
    private readonly Gauge<double> _advantage;

    public ChallengerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Engine.Routing.RoutingMetrics.MeterName);
        _looks = meter.CreateCounter<long>(
            "metallm.challenger.looks", "{look}", "Looks at the log of a tenant for its challenger, by what they found: the gate open or shut, or that the log cannot be read (failed).");
        _promotions = meter.CreateCounter<long>(
            "metallm.challenger.promotions", "{promotion}", "Policies that took the place of another, by how: by hand, forced while the gate was shut, automatic, or rolled_back.");
        _advantage = meter.CreateGauge<double>(
            "metallm.challenger.advantage", "{reward}", "The least that a challenger is worth beyond the tenant's policy, as the last look says.");
    }

    public void Looked(string tenant, ChallengerStatus status)
    {
        Count(_looks, tenant, status.IsOpen ? "open" : "shut");
        if (double.IsFinite(status.Figures.Lower))
        {
            _advantage.Record(status.Figures.Lower, new KeyValuePair<string, object?>("tenant", tenant));
        }
    }

    public void Failed(string tenant) => Count(_looks, tenant, "failed");

    public void Promoted(string tenant, string how) => Count(_promotions, tenant, how);

    private static void Count(Counter<long> counter, string tenant, string outcome) => counter.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("outcome", outcome));
}
