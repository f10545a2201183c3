using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Checking;

/// <summary>Dates as 2024-03-05, 2024/03/05, 5 March 2024 or March 5th, 2024.</summary>
internal static partial class DateAnswer
{
    private static readonly string[] Formats =
        ["yyyy-M-d", "d MMMM yyyy", "d MMM yyyy", "MMMM d yyyy", "MMM d yyyy"];

    public static string? Read(FinalPart part)
    {
        string? found = null;
        foreach (Match match in Pattern().Matches(part.Text))
        {
            if (Canonical(match.Value) is not { } date)
            {
                continue;
            }

            found = date;
            if (part.Announced)
            {
                break;
            }
        }

        return found;
    }

    private static string? Canonical(string matched)
    {
        var text = Spaces().Replace(Suffix().Replace(matched, "$1").Replace('/', '-').Replace(',', ' ').Replace(" of ", " ", StringComparison.OrdinalIgnoreCase), " ");
        return DateOnly.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"\b\d{4}[-/]\d{1,2}[-/]\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?\s+[A-Z][a-z]{2,8},?\s+\d{4}\b|\b[A-Z][a-z]{2,8}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(\d)(?:st|nd|rd|th)\b")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
