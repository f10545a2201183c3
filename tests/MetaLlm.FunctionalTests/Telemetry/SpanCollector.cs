using System.Collections.Concurrent;
using System.Diagnostics;

namespace MetaLlm.FunctionalTests.Telemetry;

/// <summary>Listens to sources and keeps every span that ended.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentDictionary<ActivitySpanId, Activity> _spans = new();

    public SpanCollector(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _spans[span.SpanId] = span,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Spans of a tenant, in the order in which they began.</summary>
    public List<Activity> Of(string tenant) =>
        [.. _spans.Values.Where(s => tenant.Equals(s.GetTagItem("metallm.tenant"))).OrderBy(s => s.StartTimeUtc)];

    public IEnumerable<Activity> From(string source) => _spans.Values.Where(s => s.Source.Name == source);

    public Activity? Parent(Activity span) => _spans.GetValueOrDefault(span.ParentSpanId);

    public void Dispose() => _listener.Dispose();
}
