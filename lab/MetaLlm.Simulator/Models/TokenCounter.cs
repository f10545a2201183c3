namespace MetaLlm.Simulator.Models;

/// <summary>
/// The simulator's own tokenizer, simple and deterministic: a token is up to six letters, up to three digits, or one other
/// visible character; white space belongs to the token after it.
/// </summary>
public static class TokenCounter
{
    private const int LettersPerToken = 6;
    private const int DigitsPerToken = 3;

    /// <summary>The number of tokens in a text.</summary>
    public static int Count(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var count = 0;
        for (var position = 0; position < text.Length;)
        {
            var end = EndOfToken(text, position);
            if (end > position)
            {
                count++;
            }
            else
            {
                break;
            }

            position = end;
        }

        return count;
    }

    /// <summary>The longest beginning of a text that has at most <paramref name="tokens"/> tokens.</summary>
    public static string Truncate(string text, int tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        var position = 0;
        for (var count = 0; count < tokens && position < text.Length; count++)
        {
            position = EndOfToken(text, position);
        }

        return text[..position];
    }

    /// <summary>Cuts a text into pieces of <paramref name="tokens"/> tokens; together they are the text.</summary>
    internal static IEnumerable<string> Split(string text, int tokens)
    {
        for (var position = 0; position < text.Length;)
        {
            var piece = Truncate(text[position..], tokens);
            position += piece.Length;
            yield return piece;
        }
    }

    /// <summary>Trailing white space is a token of its own, so that pieces always add up to the text.</summary>
    private static int EndOfToken(string text, int start)
    {
        var position = start;
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        if (position == text.Length)
        {
            return position;
        }

        var first = text[position];
        if (char.IsLetter(first))
        {
            return EndOfRun(text, position, LettersPerToken, char.IsLetter);
        }

        if (char.IsDigit(first))
        {
            return EndOfRun(text, position, DigitsPerToken, char.IsDigit);
        }

        return position + (char.IsHighSurrogate(first) && position + 1 < text.Length ? 2 : 1);
    }

    private static int EndOfRun(string text, int start, int limit, Func<char, bool> belongs)
    {
        var position = start;
        while (position < text.Length && position - start < limit && belongs(text[position]))
        {
            position++;
        }

        return position;
    }
}
