using System.Text;
using System.Text.RegularExpressions;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>Blots out of texts what must not be kept.</summary>
/// <remarks>
/// Safe for concurrent use. Every expression runs in time linear in the text, and within a limit all the same: a text that takes longer is blotted out whole.
/// </remarks>
internal sealed class Redactor
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private const string NotInTime = "[not redacted in time]";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly List<(Regex Pattern, Func<string, string> Instead)> _builtIn = [];
    private readonly List<Regex> _own = [];

    /// <param name="builtIn">What is known by name.</param>
    /// <param name="patterns">Regular expressions of more.</param>
    /// <param name="refuse">Is told the index of an expression that cannot be used, and why.</param>
    public Redactor(IEnumerable<string> builtIn, IReadOnlyList<string> patterns, Action<int, string> refuse)
    {
        var wanted = builtIn.ToHashSet(StringComparer.Ordinal);
        _builtIn.AddRange(BuiltIn.Where(rule => wanted.Contains(rule.Name)).Select(rule => (rule.Pattern, rule.Instead)));
        for (var i = 0; i < patterns.Count; i++)
        {
            try
            {
                _own.Add(Of(patterns[i]));
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                refuse(i, $"is '{patterns[i]}', which is no regular expression that can be matched in linear time: {e.Message}");
            }
        }
    }

    /// <summary>In the order in which they look: what is longest first, since parts of it may look like the others.</summary>
    private static readonly (string Name, Regex Pattern, Func<string, string> Instead)[] BuiltIn =
    [
        ("key", Of(
            "-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\s\\\\]*(-----END [A-Z ]*PRIVATE KEY-----)?|" +
            "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*|" +
            "(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|mlk_[0-9a-f]{16}_[A-Za-z0-9_-]+|(AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|" +
            "xox[a-z]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|[Bb]earer +[A-Za-z0-9._~+/=-]{16,}"), static _ => "[key]"),
        ("iban", Of("[A-Za-z]{2}[0-9]{2}([ .-]?[A-Za-z0-9]){11,30}"), Checksums.WithoutIban),
        ("card", Of("[0-9]([ -]?[0-9]){13,}|[0-9]{3,6}([.][0-9]{2,6}){2,5}"), static text => Checksums.HoldsCard(text) ? "[card]" : text),
        ("email", Of("[\\w.%+'-]+@[\\w-]+(\\.[\\w-]+)+"), static _ => "[email]"),
        ("phone", Of(
            "(\\+|\\b00)[ ]?[1-9]([ ().\\-/]{0,2}[0-9]){6,14}|\\(?\\b0[0-9]{1,5}\\)?[ .\\-/]{0,3}[0-9]([ .\\-/]?[0-9]){4,11}|\\(?\\b[0-9]{3}\\)?[ .\\-]{1,2}[0-9]{3}[ .\\-][0-9]{4}\\b"), static _ => "[phone]"),
    ];

    /// <summary>Blots out nothing.</summary>
    public static Redactor None { get; } = new([], [], static (_, _) => { });

    /// <summary>A text without what must not be kept.</summary>
    public string Redact(string text)
    {
        try
        {
            foreach (var (pattern, instead) in _builtIn)
            {
                text = Replace(text, pattern, instead);
            }

            foreach (var pattern in _own)
            {
                text = pattern.Replace(text, static _ => "[redacted]");
            }

            return text;
        }
        catch (RegexMatchTimeoutException)
        {
            return NotInTime;
        }
    }

    /// <summary>Looks at a text as it reads, whatever its digits and dashes are written with. What is not blotted out stays as it is written.</summary>
    private static string Replace(string text, Regex pattern, Func<string, string> instead)
    {
        var plain = PlainSigns.Of(text);
        if (ReferenceEquals(plain, text))
        {
            return pattern.Replace(text, match => instead(match.Value));
        }

        var (written, end) = (new StringBuilder(text.Length), 0);
        foreach (Match match in pattern.Matches(plain))
        {
            var other = instead(match.Value);
            written.Append(text, end, match.Index - end).Append(other == match.Value ? text.AsSpan(match.Index, match.Length) : other);
            end = match.Index + match.Length;
        }

        return written.Append(text, end, text.Length - end).ToString();
    }

    private static Regex Of(string pattern) => new(pattern, Linear, Longest);
}
