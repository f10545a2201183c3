using System.Buffers;
using System.Text;

namespace MetaLlm.Embeddings.Tokenization;

/// <summary>Makes any .NET string fit for Unicode normalisation.</summary>
internal static class TextPreparation
{
    private const int CharactersPerToken = 64;

    /// <summary>
    /// Normalises at most 64 characters per token of the limit: far more than tokens of real text have, and a bound on the
    /// work that one very long text can cause. Halves of UTF-16 pairs become U+FFFD, as in UTF-8 encoding.
    /// </summary>
    public static string Normalize(string text, int maxTokens, NormalizationForm form)
    {
        var most = maxTokens * CharactersPerToken;
        if (text.Length > most)
        {
            text = text[..(text[most - 1] is >= '\uD800' and <= '\uDBFF' ? most - 1 : most)];
        }

        if (!IsValid(text))
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text.Normalize(form);
    }

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done)
        {
            text = text[length..];
        }

        return text.IsEmpty;
    }
}
