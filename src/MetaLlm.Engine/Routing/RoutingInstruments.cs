using System.Diagnostics;
using System.Diagnostics.Metrics;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>What routing reports to meters. Labels are tenants, arms and fixed words; never texts of clients.</summary>
public sealed class RoutingInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "MetaLlm.Routing";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private static readonly InstrumentAdvice<double> Overheads = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _decideSeconds;
    private readonly Histogram<double> _firstPartSeconds;
    private readonly Histogram<double> _callSeconds;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _reroutes;
    private readonly Counter<double> _tokens;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Where the meter comes from.</param>
    public RoutingInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _decisions = _meter.CreateCounter<long>("metallm.decisions", description: "Routing decisions by chosen arm.");
        _decideSeconds = _meter.CreateHistogram("metallm.decide.duration", "s", "Time to embed a query and decide durably.", advice: Overheads);
        _firstPartSeconds = _meter.CreateHistogram("metallm.first_part.duration", "s", "Time from the request to the first part of its answer.", advice: Latencies);
        _callSeconds = _meter.CreateHistogram("metallm.call.duration", "s", "Time from the request to the end of its answer.", advice: Latencies);
        _failures = _meter.CreateCounter<long>("metallm.upstream.failures", description: "Failed attempts by arm and kind of failure.");
        _reroutes = _meter.CreateCounter<long>("metallm.reroutes", description: "Calls that another arm took over.");
        _tokens = _meter.CreateCounter<double>("metallm.tokens", description: "Tokens of settled calls by direction.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Decided(string tenant, string arm, bool pinned, TimeSpan elapsed)
    {
        _decisions.Add(1, new("tenant", tenant), new("arm", arm), new("pinned", pinned ? "true" : "false"));
        _decideSeconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("tenant", tenant));
    }

    internal void Answering(string tenant, string arm, TimeSpan elapsed) =>
        _firstPartSeconds.Record(elapsed.TotalSeconds, new("tenant", tenant), new("arm", arm));

    internal void Failed(string tenant, string arm, ChatFailure failure) =>
        _failures.Add(1, new("tenant", tenant), new("arm", arm), new("kind", failure.ToString()));

    internal void Rerouted(string tenant, string from, string to) =>
        _reroutes.Add(1, new("tenant", tenant), new("from", from), new("to", to));

    internal void Settled(string tenant, string arm, Journal.Settlement settlement, TimeSpan elapsed)
    {
        var tags = new TagList { { "tenant", tenant }, { "arm", arm }, { "outcome", settlement.Outcome.ToString() } };
        _callSeconds.Record(elapsed.TotalSeconds, tags);
        _tokens.Add(settlement.Usage.Input, new("tenant", tenant), new("arm", arm), new("direction", "input"));
        _tokens.Add(settlement.Usage.Output, new("tenant", tenant), new("arm", arm), new("direction", "output"));
    }
}
