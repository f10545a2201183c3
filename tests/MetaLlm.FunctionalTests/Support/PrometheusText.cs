using System.Globalization;
using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>Reads Prometheus' text format 0.0.4 and refuses whatever the format does not allow.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">The text is not in the format.</exception>
    public static PrometheusText Parse(string text)
    {
        var result = new PrometheusText();
        Family? current = null;
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("The last line has no end.");
        }

        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# EOF", StringComparison.Ordinal))
            {
                continue;
            }

            current = Comment().Match(line) is { Success: true } comment ? result.Declare(current, comment, line) : Sample(current, line);
        }

        foreach (var family in result._families.Values.Where(f => f.Type == "histogram"))
        {
            family.CheckBuckets();
        }

        return result;
    }

    public bool Has(string family) => _families.ContainsKey(family);

    /// <summary>Sum of the samples of a name whose labels contain those given.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) => _families.Values
        .SelectMany(f => f.Samples)
        .Where(s => s.Name == name && labels.All(l => s.Labels.TryGetValue(l.Label, out var value) && value == l.Value))
        .Sum(s => s.Value);

    private Family Declare(Family? current, Match comment, string line)
    {
        var name = comment.Groups["name"].Value;
        var family = current?.Name == name ? current : new Family(name);
        if (!ReferenceEquals(family, current) && !_families.TryAdd(name, family))
        {
            throw new FormatException($"'{name}' is declared in two places.");
        }

        if (comment.Groups["kind"].Value == "TYPE")
        {
            var type = comment.Groups["rest"].Value;
            var legal = type is "counter" or "gauge" or "histogram" or "summary" or "untyped";
            family.Type = legal && family.Type is null && family.Samples.Count == 0 ? type : throw new FormatException(line);
        }

        return family;
    }

    private static Family Sample(Family? family, string line)
    {
        var match = SampleLine().Match(line);
        var name = match.Groups["name"].Value;
        if (!match.Success || family?.Type is not { } type
            || !(type == "histogram" ? new[] { "_bucket", "_sum", "_count" }.Any(end => name == family.Name + end) : name == family.Name))
        {
            throw new FormatException($"Not a sample of '{family?.Name}': {line}");
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in match.Groups["key"].Captures.Zip(match.Groups["value"].Captures))
        {
            if (!labels.TryAdd(key.Value, Unescaped().Replace(value.Value, m => m.Value[1] == 'n' ? "\n" : m.Value[1..])))
            {
                throw new FormatException($"A label comes twice: {line}");
            }
        }

        var number = match.Groups["number"].Value.Replace("Inf", "Infinity", StringComparison.Ordinal).TrimStart('+');
        family.Add(new Series(name, labels, double.Parse(number, CultureInfo.InvariantCulture)), line);
        return family;
    }

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)( (?<rest>.*))?$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<key>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>([^""\\\n]|\\[\\""n])*)""(,(?!\})|(?=\})))*\})? (?<number>[+-]?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|Inf)|NaN)( [0-9]+)?$")]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Unescaped();

    private sealed class Family(string name)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public string Name => name;

        public string? Type { get; set; }

        public List<Series> Samples { get; } = [];

        public void Add(Series sample, string line)
        {
            if (!_seen.Add($"{sample.Name} {Key(sample.Labels)}"))
            {
                throw new FormatException($"A series comes twice: {line}");
            }

            Samples.Add(sample);
        }

        public void CheckBuckets()
        {
            foreach (var series in Samples.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).GroupBy(s => Key(s.Labels.Where(l => l.Key != "le"))))
            {
                var buckets = series.ToList();
                var bounds = buckets.ConvertAll(b => b.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(b.Labels["le"], CultureInfo.InvariantCulture));
                var counts = buckets.ConvertAll(b => b.Value);
                var total = Samples.Single(s => s.Name == name + "_count" && Key(s.Labels) == series.Key).Value;
                var sums = Samples.Count(s => s.Name == name + "_sum" && Key(s.Labels) == series.Key);
                if (!bounds.SequenceEqual(bounds.Distinct().Order()) || !double.IsPositiveInfinity(bounds[^1]) || !counts.SequenceEqual(counts.Order()) || counts[^1] != total || sums != 1)
                {
                    throw new FormatException($"The histogram {name} {series.Key} does not add up.");
                }
            }
        }

        private static string Key(IEnumerable<KeyValuePair<string, string>> labels) =>
            string.Join('\u0001', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}\u0002{l.Value}"));
    }

    private sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
}
