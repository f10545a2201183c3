namespace MetaLlm.Gateway.Metrics;

/// <summary>One line's worth of a metric: its labels and what was measured.</summary>
/// <param name="Labels">Names and values, in the order of the names.</param>
/// <param name="Value">Sum or last value.</param>
/// <param name="Buckets">Observations per bucket, not cumulated, the overflow last; null when it is no histogram.</param>
internal sealed record MetricSeries(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, IReadOnlyList<long>? Buckets);
