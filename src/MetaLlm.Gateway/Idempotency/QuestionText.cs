using System.Text;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>What an embedding does not say of a question.</summary>
internal static class QuestionText
{
    /// <summary>Longest compatibility decomposition of one character (U+FDFA), characters.</summary>
    private const int LongestDecomposition = 18;

    /// <summary>Longer ones a tokenizer may take for unknown.</summary>
    private const int LongestWord = 30;

    private const string Opening = "\"'";
    private const string Closing = "\"'.,;:?";
    private const string ClosingWord = Closing + "!)";

    /// <summary>Whether a model is certain to read a text to its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="characters">Most characters of which that is certain, after compatibility decomposition.</param>
    public static bool IsReadWhole(string text, int characters)
    {
        var most = 0L;
        foreach (var rune in text.EnumerateRunes())
        {
            most += rune.IsAscii ? 1 : LongestDecomposition;
            if (most > characters)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The words of a text that are not of plain Latin letters alone, in their order. Embeddings hardly tell numbers and signs apart, and one unknown token may stand for any letters that the
    /// model does not know.
    /// </summary>
    public static string ExactWords(string text)
    {
        var exact = new StringBuilder();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsPlain(word))
            {
                exact.Append(' ').Append(word.AsSpan().TrimStart(Opening).TrimEnd(Closing));
            }
        }

        return exact.ToString();
    }

    private static bool IsPlain(string word)
    {
        var letters = word.AsSpan().TrimStart(Opening + "(").TrimEnd(ClosingWord);
        var isPlain = letters.Length is > 0 and <= LongestWord;
        foreach (var c in letters)
        {
            isPlain &= char.IsAsciiLetter(c) || c == '\'';
        }

        return isPlain;
    }
}
