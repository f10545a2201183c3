using System.Diagnostics.Metrics;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Providers;

/// <summary>What providers count, as verbs, on the meter of routing. Labels are upstreams and fixed words; never texts of clients or upstreams.</summary>
internal sealed class ProviderMetrics
{
    private readonly Counter<long> _doubts;
    private readonly Counter<long> _cures;
    private readonly Counter<long> _retries;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from; it owns the meter.</param>
    public ProviderMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(RoutingMetrics.MeterName);
        _doubts = meter.CreateCounter<long>("metallm.routing.usage.doubted", "{call}", "Calls whose token count was replaced by an estimate, by what was wrong with it.");
        _cures = meter.CreateCounter<long>("metallm.routing.cures", "{call}", "Calls that a model took after a parameter was left out or renamed.");
        _retries = meter.CreateCounter<long>("metallm.routing.retries", "{call}", "Calls that were sent again to the same model, by why.");
    }

    internal void UsageDoubted(string upstream, string doubt) => _doubts.Add(1, new("upstream", upstream), new("doubt", doubt));

    internal void Cured(string upstream) => _cures.Add(1, new KeyValuePair<string, object?>("upstream", upstream));

    internal void Retried(string upstream, string why) => _retries.Add(1, new("upstream", upstream), new("why", why));
}
