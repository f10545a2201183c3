using System.Text.RegularExpressions;

namespace MetaLlm.DeployLint;

/// <summary>What a PromQL expression reads: metrics, the labels that pick their series, and the labels that results are grouped by.</summary>
/// <remarks>It does not check the grammar, for which there is promtool.</remarks>
public sealed partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "and", "or", "unless", "bool", "offset", "inf", "nan", "atan2" };
    private static readonly HashSet<string> Groupings = new(StringComparer.OrdinalIgnoreCase) { "by", "without", "on", "ignoring", "group_left", "group_right" };
    private readonly List<(string Metric, IReadOnlyList<string> Labels)> _selectors = [];
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    private PromQl()
    {
    }

    /// <summary>Every selector: the metric, and the labels that it compares.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<string> Labels)> Selectors => _selectors;

    /// <summary>Labels of <c>by</c>, <c>on</c> and the like.</summary>
    public IReadOnlyCollection<string> Groups => _groups;

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">PromQL; Grafana's variables may stand in ranges and in strings.</param>
    /// <exception cref="FormatException">A bracket has no partner, or a character belongs nowhere.</exception>
    public static PromQl Parse(string expression)
    {
        var tokens = new List<string>();
        var at = 0;
        foreach (Match match in Token().Matches(expression))
        {
            if (!string.IsNullOrWhiteSpace(expression[at..match.Index]))
            {
                throw new FormatException($"'{expression[at..match.Index].Trim()}' is no PromQL: {expression}");
            }

            at = match.Index + match.Length;
            tokens.Add(match.Value);
        }

        if (!string.IsNullOrWhiteSpace(expression[at..]))
        {
            throw new FormatException($"'{expression[at..].Trim()}' is no PromQL: {expression}");
        }

        var read = new PromQl();
        for (var i = 0; i < tokens.Count; i++)
        {
            i = read.Take(tokens, i, expression);
        }

        return read;
    }

    private int Take(List<string> tokens, int i, string expression)
    {
        var next = i + 1 < tokens.Count ? tokens[i + 1] : "";
        if (!Name().IsMatch(tokens[i]) || Words.Contains(tokens[i]))
        {
            return i;
        }

        if (Groupings.Contains(tokens[i]))
        {
            if (next != "(")
            {
                return i;
            }

            var end = Close(tokens, i + 1, "(", ")", expression);
            _groups.UnionWith(tokens.GetRange(i + 2, end - i - 2).Where(t => t != ","));
            return end;
        }

        if (next == "(" || IsAggregation(tokens, i))
        {
            return i;
        }

        if (next != "{")
        {
            _selectors.Add((tokens[i], []));
            return i;
        }

        var last = Close(tokens, i + 1, "{", "}", expression);
        _selectors.Add((tokens[i], [.. tokens.GetRange(i + 2, last - i - 2).Where(t => Name().IsMatch(t))]));
        return last;
    }

    /// <summary><c>sum by (label) (…)</c>: the name of an aggregation, whose brackets come after its grouping.</summary>
    private static bool IsAggregation(List<string> tokens, int i) =>
        i + 1 < tokens.Count && (tokens[i + 1].Equals("by", StringComparison.OrdinalIgnoreCase) || tokens[i + 1].Equals("without", StringComparison.OrdinalIgnoreCase));

    private static int Close(List<string> tokens, int open, string opening, string closing, string expression)
    {
        var end = tokens.IndexOf(closing, open);
        return end > open && !tokens.GetRange(open + 1, end - open - 1).Contains(opening)
            ? end
            : throw new FormatException($"'{opening}' has no '{closing}': {expression}");
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+(?:[eE][+-]?[0-9]+)?(?:ms|[smhdwy])?|=~|!~|!=|==|>=|<=|[-+*/%^()<>={},@]
        """)]
    private static partial Regex Token();

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex Name();
}
