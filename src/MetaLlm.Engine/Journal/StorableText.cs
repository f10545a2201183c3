using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MetaLlm.Engine.Journal;

/// <summary>Which texts every journal can keep: PostgreSQL has no U+0000, SQLite ends a text there, and UTF-8 has no form for half of a UTF-16 pair.</summary>
public static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a text comes back as it was.</summary>
    /// <param name="text">The text.</param>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

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
    /// <param name="text">The text.</param>
    /// <param name="field">What it is, for the message.</param>
    /// <param name="parameter">The parameter that holds it.</param>
    /// <exception cref="ArgumentException">It would not.</exception>
    public static void ThrowIfNot(string text, string field, string parameter)
    {
        if (!Is(text))
        {
            throw new ArgumentException($"{field} holds U+0000 or half of a UTF-16 pair; a journal can keep neither.", parameter);
        }
    }

    /// <summary>A remark with what cannot be kept replaced by U+FFFD: nobody compares remarks, and none is worth losing feedback for.</summary>
    /// <param name="text">The remark; null for none.</param>
    [return: NotNullIfNotNull(nameof(text))]
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
