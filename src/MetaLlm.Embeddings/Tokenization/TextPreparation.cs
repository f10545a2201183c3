using System.Text;

namespace MetaLlm.Embeddings.Tokenization;

/// <summary>Makes any .NET string fit for Unicode normalisation.</summary>
internal static class TextPreparation
{
    private const int CharactersPerToken = 64;

    /// <summary>
    /// Normalises at most 64 characters per token of the limit: far more than tokens of real text have, and a bound on the
    /// work that one very long text can cause. Unpaired surrogates become U+FFFD, as in UTF-8 encoding.
    /// </summary>
    public static string Normalize(string text, int maxTokens, NormalizationForm form)
    {
        var most = maxTokens * CharactersPerToken;
        if (text.Length > most)
        {
            text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        }

        if (HasUnpairedSurrogate(text))
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text.Normalize(form);
    }

    private static bool HasUnpairedSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }
}
