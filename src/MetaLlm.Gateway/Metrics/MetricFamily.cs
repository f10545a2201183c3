namespace MetaLlm.Gateway.Metrics;

/// <summary>A metric with all its series.</summary>
/// <param name="Name">Name of the instrument, dots and all.</param>
/// <param name="Unit">Unit of the instrument; null for none.</param>
/// <param name="Description">What it measures.</param>
/// <param name="Kind">What kind of metric it is.</param>
/// <param name="Bounds">Upper bounds of the buckets; empty when it is no histogram.</param>
/// <param name="Series">The series.</param>
internal sealed record MetricFamily(
    string Name, string? Unit, string Description, MetricKind Kind, IReadOnlyList<double> Bounds, IReadOnlyList<MetricSeries> Series);
