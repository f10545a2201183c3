using System.Text;
using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Checking;

/// <summary>Words and short texts, quoted or bare.</summary>
internal static partial class TextAnswer
{
    private static readonly char[] Closing = [' ', '.', ',', ';', ':', '!', '"', '\'', '\u201C', '\u201D', '\u00AB', '\u00BB', '(', ')'];

    public static string? Read(FinalPart part)
    {
        var quoted = Quoted().Matches(part.Text);
        if (quoted.Count > 0)
        {
            return (part.Announced ? quoted[0] : quoted[^1]).Groups[1].Value.Trim();
        }

        var text = part.Announced ? part.Text : LastLine(part.Text);
        if (!part.Announced)
        {
            return text[(text.LastIndexOf(' ') + 1)..].Trim(Closing) is { Length: > 0 } last ? last : null;
        }

        // "The answer is perro (dog)." explains after the word.
        var first = text.Trim(Closing).Split([' ', '('], 2)[0].Trim(Closing);
        return first.Length > 0 ? first : null;
    }

    /// <summary>Lower case, without accents, quotes, brackets, outer punctuation and doubled spaces.</summary>
    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text.Trim(Closing).ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal).Replace("œ", "oe", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    public static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : text;

    [GeneratedRegex("[\"\u201C\u00AB]([^\"\u201D\u00BB\\n]+)[\"\u201D\u00BB]|(?<=^|\\s)'([^'\\n]+)'")]
    private static partial Regex Quoted();
}
