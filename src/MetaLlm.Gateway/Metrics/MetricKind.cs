namespace MetaLlm.Gateway.Metrics;

/// <summary>Kinds of metrics.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts observations by size.</summary>
    Histogram,
}
