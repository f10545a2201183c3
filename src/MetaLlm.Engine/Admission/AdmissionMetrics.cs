using System.Diagnostics.Metrics;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Engine.Admission;

/// <summary>What admission counts, as verbs. Labels are tenants and fixed words.</summary>
public sealed class AdmissionMetrics
{
    private static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Counter<long> _admitted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _away;
    private readonly Counter<long> _shed;
    private readonly Counter<long> _abandoned;
    private readonly Histogram<double> _waits;
    private Func<int> _waiting = () => 0;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from; it owns the meter.</param>
    public AdmissionMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(RoutingMetrics.MeterName);
        _admitted = meter.CreateCounter<long>("metallm.admission.admitted", "{call}", "Calls admitted of tenants and keys that have limits.");
        _refused = meter.CreateCounter<long>("metallm.admission.refused", "{call}", "Calls refused by the limit that had no room.");
        _away = meter.CreateCounter<long>("metallm.admission.holder_away", "{renewal}", "Times the holder of an allowance could not be reached.");
        _shed = meter.CreateCounter<long>("metallm.admission.shed", "{call}", "Calls turned away under load by reason.");
        _abandoned = meter.CreateCounter<long>("metallm.queue.abandoned", "{call}", "Calls whose clients left while they waited for the embedding model.");
        _waits = meter.CreateHistogram("metallm.queue.wait", "s", "Wait for the embedding model of calls that had to wait.", advice: Waits);
        meter.CreateObservableGauge("metallm.queue.length", () => _waiting(), "{call}", "Calls that wait for the embedding model.");
    }

    internal void Shed(ShedReason reason) => _shed.Add(1, Tag("reason", Word(reason)));

    internal void Admitted(string tenant) => _admitted.Add(1, Tag("tenant", tenant));

    internal void Refused(string tenant, AdmissionRefusal refusal) =>
        _refused.Add(1, Tag("tenant", tenant), Tag("limit", Word(refusal.Limit)), Tag("of", refusal.IsOfKey ? "key" : "tenant"));

    internal void HolderAway() => _away.Add(1);

    internal void Abandoned() => _abandoned.Add(1);

    internal void Waited(TimeSpan wait) => _waits.Record(wait.TotalSeconds);

    /// <summary>Says how many wait.</summary>
    internal void Watch(Func<int> waiting) => _waiting = waiting;

    private static string Word(ShedReason reason) => reason switch
    {
        ShedReason.Queue => "queue",
        ShedReason.Wait => "wait",
        ShedReason.Memory => "memory",
        _ => "unknown",
    };

    private static string Word(AdmissionLimit limit) => limit switch
    {
        AdmissionLimit.Requests => "requests",
        AdmissionLimit.Tokens => "tokens",
        AdmissionLimit.ParallelCalls => "parallel_calls",
        _ => "unknown",
    };

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
