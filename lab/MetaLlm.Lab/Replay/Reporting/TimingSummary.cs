using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Durations, microseconds; zeros when nothing was timed.</summary>
/// <param name="P50">Median.</param>
/// <param name="P99">99th percentile.</param>
internal sealed record TimingSummary(double P50, double P99)
{
    /// <summary>Summarises durations.</summary>
    public static TimingSummary Of(IEnumerable<double> micros)
    {
        var percentiles = Percentile.Of([.. micros], 0.5, 0.99);
        return new TimingSummary(percentiles[0], percentiles[1]);
    }
}
