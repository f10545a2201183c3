using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Engine.Journal;

/// <summary>Which texts every journal can keep: PostgreSQL has no U+0000, SQLite ends a text there, and UTF-8 has no form for half of a surrogate pair.</summary>
public static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a text comes back as it was.</summary>
    /// <param name="text">The text.</param>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0'))
        {
            return false;
        }

        var start = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (start < 0)
        {
            return true;
        }

        for (var i = start; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
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
            throw new ArgumentException($"{field} holds U+0000 or half of a surrogate pair; a journal can keep neither.", parameter);
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

        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var pair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
                if (pair)
                {
                    target[i] = source[i];
                    target[i + 1] = source[++i];
                }
                else
                {
                    target[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? Replacement : source[i];
                }
            }
        });
    }
}
