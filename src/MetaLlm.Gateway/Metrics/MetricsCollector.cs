using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Metrics;

/// <summary>Listens to the meters whose name begins with <c>MetaLlm.</c> and adds up what they measure.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000];

    private readonly ConcurrentDictionary<Instrument, InstrumentRecorder> _recorders = new();
    private readonly IMeterFactory _meters;
    private readonly MeterListener _listener = new();

    /// <param name="meters">Only meters of this factory are listened to, so that two hosts in one process do not mix.</param>
    public MetricsCollector(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>((i, v, t, s) => Record(i, v, t, s));
        _listener.SetMeasurementEventCallback<int>((i, v, t, s) => Record(i, v, t, s));
        _listener.SetMeasurementEventCallback<long>((i, v, t, s) => Record(i, v, t, s));
        _listener.SetMeasurementEventCallback<float>((i, v, t, s) => Record(i, v, t, s));
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.Start();
    }

    /// <summary>What was measured so far; observable instruments are asked now.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        _listener.RecordObservableInstruments();
        return [.. _recorders.Values.Select(r => r.Read()).OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith("MetaLlm.", StringComparison.Ordinal) || !ReferenceEquals(instrument.Meter.Scope, _meters))
        {
            return;
        }

        var kind = Kind(instrument);
        var recorder = new InstrumentRecorder(instrument, kind, kind == MetricKind.Histogram ? Bounds(instrument) : []);
        if (_recorders.TryAdd(instrument, recorder))
        {
            listener.EnableMeasurementEvents(instrument, recorder);
        }
    }

    private static void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((InstrumentRecorder)state!).Record(value, tags, absolute: instrument.IsObservable);

    private static MetricKind Kind(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (generic == typeof(Histogram<>))
        {
            return MetricKind.Histogram;
        }

        return generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }

    private static IReadOnlyList<double> Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => bounds,
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(b => (double)b)],
        _ => DefaultBounds,
    };
}
