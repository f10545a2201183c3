using System.Buffers;
using System.Text;

namespace MetaLlm.Storage.Postgres;

/// <summary>Which texts PostgreSQL can keep: U+0000 is not allowed there, and UTF-8 has no form for half of a UTF-16 pair.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    public static bool Is(string text)
    {
        // Nearly every text has neither.
        var start = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        var rest = start < 0 ? [] : text.AsSpan(start);
        while (Rune.DecodeFromUtf16(rest, out _, out var length) == OperationStatus.Done)
        {
            rest = rest[length..];
        }

        return rest.IsEmpty && !text.Contains('\0');
    }

    /// <summary>Refuses a text that identifies something: it must come back as it was.</summary>
    public static void ThrowIfNot(string text, string field, string parameter)
    {
        if (!Is(text))
        {
            throw new ArgumentException($"{field} holds U+0000 or half of a UTF-16 pair; PostgreSQL can keep neither.", parameter);
        }
    }

    /// <summary>A remark with what cannot be kept replaced by U+FFFD: nobody compares remarks, and none is worth losing feedback for.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || Is(text))
        {
            return text;
        }

        var clean = text.ToCharArray();
        for (var rest = clean.AsSpan(); !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            if (status != OperationStatus.Done || rune.Value == 0)
            {
                rest[..length].Fill(Replacement);
            }

            rest = rest[length..];
        }

        return new string(clean);
    }
}
