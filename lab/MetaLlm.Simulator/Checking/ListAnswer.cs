namespace MetaLlm.Simulator.Checking;

/// <summary>Lists separated by commas, semicolons, spaces, line breaks or "and", bracketed or not.</summary>
internal static class ListAnswer
{
    private static readonly char[] Decoration = ['[', ']', '(', ')', '{', '}', '"', '\'', '.', '\u201C', '\u201D'];

    public static string? Read(FinalPart part)
    {
        var text = part.Announced ? part.Text : AfterColon(TextAnswer.LastLine(part.Text));
        if (text.IndexOf('[', StringComparison.Ordinal) is var open and >= 0 && text.IndexOf(']', open) is var close and > 0)
        {
            text = text[(open + 1)..close];
        }

        var items = text.Split([',', ';', ' ', '\t', '<', '>'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(item => item.Trim(Decoration))
            .Where(item => item.Length > 0 && !item.Equals("and", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return items.Length > 0 ? string.Join(", ", items) : null;
    }

    private static string AfterColon(string line) => line[(line.LastIndexOf(':') + 1)..];
}
