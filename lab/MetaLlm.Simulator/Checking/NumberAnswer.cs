using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Checking;

/// <summary>Numbers with digit grouping, signs, units and currency; small ones also as words.</summary>
internal static partial class NumberAnswer
{
    private static readonly string[] Words =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    public static string? Read(FinalPart part)
    {
        var matches = Pattern().Matches(part.Text);
        if (matches.Count > 0)
        {
            return Canonical((part.Announced ? matches[0] : matches[^1]).Value);
        }

        var words = Word().Matches(part.Text);
        if (words.Count == 0)
        {
            return null;
        }

        var word = (part.Announced ? words[0] : words[^1]).Value;
        return Array.FindIndex(Words, candidate => candidate.Equals(word, StringComparison.OrdinalIgnoreCase)).ToString(CultureInfo.InvariantCulture);
    }

    public static bool Equal(string expected, string actual) =>
        decimal.TryParse(expected, CultureInfo.InvariantCulture, out var left)
        && decimal.TryParse(actual, CultureInfo.InvariantCulture, out var right)
        && Math.Abs(left - right) <= 0.000001m;

    private static string? Canonical(string matched)
    {
        var digits = string.Concat(matched.Where(character => char.IsAsciiDigit(character) || character is '.' or '-'));
        return decimal.TryParse(digits, CultureInfo.InvariantCulture, out var value) ? WrongNumbers.Format(value) : null;
    }

    // Grouped by comma, apostrophe or narrow space, or plain; a minus counts only where no number or word precedes it.
    [GeneratedRegex(@"(?<![\w.])(?:(?<!\d\s*)-\s?)?\$?(?:\d{1,3}(?:[,'\u00A0\u202F]\d{3})+|\d+)(?:\.\d+)?")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
