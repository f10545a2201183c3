using System.Globalization;
using System.Text;

namespace MetaLlm.Gateway.Metrics;

/// <summary>Writes metrics in the Prometheus text format, version 0.0.4.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
internal static class PrometheusText
{
    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            var name = Name(family);
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Description)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(Word(family.Kind)).Append('\n');
            foreach (var series in family.Series)
            {
                if (series.Buckets is { } buckets)
                {
                    WriteHistogram(text, name, family.Bounds, series, buckets);
                }
                else
                {
                    WriteSample(text, name, series.Labels, null, series.Value);
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(
        StringBuilder text, string name, IReadOnlyList<double> bounds, MetricSeries series, IReadOnlyList<long> buckets)
    {
        var count = 0L;
        for (var i = 0; i < buckets.Count; i++)
        {
            count += buckets[i];
            WriteSample(text, name + "_bucket", series.Labels, i < bounds.Count ? Number(bounds[i]) : "+Inf", count);
        }

        WriteSample(text, name + "_sum", series.Labels, null, series.Value);
        WriteSample(text, name + "_count", series.Labels, null, count);
    }

    private static void WriteSample(
        StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        text.Append(name);
        if (labels.Count > 0 || bound is not null)
        {
            var written = labels.Select(l => $"{LabelName(l.Key)}=\"{EscapeLabel(l.Value)}\"");
            text.Append('{').AppendJoin(',', bound is null ? written : written.Append($"le=\"{bound}\"")).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>Dots become underscores; the base unit is named in full; counters end in <c>_total</c>.</summary>
    private static string Name(MetricFamily family)
    {
        var name = LabelName(family.Name);
        name = family.Unit == "s" && !name.EndsWith("_seconds", StringComparison.Ordinal) ? name + "_seconds" : name;
        return family.Kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string LabelName(string name)
    {
        var legal = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return char.IsAsciiDigit(legal[0]) ? "_" + legal : legal;
    }

    private static string EscapeLabel(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string EscapeHelp(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
