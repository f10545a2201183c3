using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Metrics;

/// <summary>Adds up what one instrument measures, by its labels. Safe for concurrent use.</summary>
internal sealed class InstrumentRecorder(Instrument instrument, MetricKind kind, IReadOnlyList<double> bounds)
{
    /// <summary>Most series of one instrument; what comes after shares one, so that a flood of labels cannot fill the memory.</summary>
    public const int MostSeries = 1000;

    private static readonly KeyValuePair<string, string>[] Overflow = [new("overflow", "true")];

    private readonly Dictionary<string, Cell> _cells = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Takes a measurement; <paramref name="absolute"/> ones replace what was there.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool absolute)
    {
        var labels = Labels(tags);
        var key = string.Join('\u0001', labels.Select(l => l.Key + "\u0002" + l.Value));
        lock (_gate)
        {
            if (!_cells.TryGetValue(key, out var cell))
            {
                if (_cells.Count >= MostSeries)
                {
                    (key, labels) = ("overflow", Overflow);
                }

                if (!_cells.TryGetValue(key, out cell))
                {
                    cell = new Cell(labels, kind == MetricKind.Histogram ? new long[bounds.Count + 1] : null);
                    _cells.Add(key, cell);
                }
            }

            cell.Value = absolute ? value : cell.Value + value;
            if (cell.Buckets is { } buckets)
            {
                buckets[Bucket(value)]++;
            }
        }
    }

    public MetricFamily Read()
    {
        lock (_gate)
        {
            var series = _cells.OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => new MetricSeries(c.Value.Labels, c.Value.Value, c.Value.Buckets?.ToArray()))
                .ToList();
            return new MetricFamily(instrument.Name, instrument.Unit, instrument.Description ?? instrument.Name, kind, bounds, series);
        }
    }

    private int Bucket(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }

    private static KeyValuePair<string, string>[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            labels[i] = new(tags[i].Key, tags[i].Value?.ToString() ?? string.Empty);
        }

        Array.Sort(labels, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return labels;
    }

    private sealed class Cell(KeyValuePair<string, string>[] labels, long[]? buckets)
    {
        public KeyValuePair<string, string>[] Labels { get; } = labels;

        public long[]? Buckets { get; } = buckets;

        public double Value { get; set; }
    }
}
