namespace MetaLlm.Engine.Routing;

/// <summary>
/// Token counts where nobody has counted. Tokenizers of large models need about one token for four Latin letters and about one for each Chinese character: every
/// character counts by its script. What a model really counts is learned per arm; the estimate gives the proportions.
/// </summary>
public static class TokenEstimate
{
    /// <summary>Tokens that a message costs beside its text: role and separators.</summary>
    public const double PerMessage = 4;

    private const double CharactersPerToken = 4;

    // Two and a half letters of Cyrillic, or one character of Chinese, Japanese or Korean, to a token.
    private const double TokensPerExtraByte = 0.375;
    private const double Units = 100;

    /// <summary>Tokens of a text of which only the length is known, as if it were Latin.</summary>
    /// <param name="characters">Its length in characters, or in bytes of UTF-8, at least 0.</param>
    /// <returns>Tokens, not rounded.</returns>
    public static double FromCharacters(long characters) => characters / CharactersPerToken;

    /// <summary>Tokens of a text of which only the size is known. Scripts with more bytes to a character have more tokens to it.</summary>
    /// <param name="characters">Its characters, at least 0.</param>
    /// <param name="bytes">Its bytes in UTF-8; fewer than characters count as that many.</param>
    /// <returns>Tokens, not rounded.</returns>
    public static double FromSize(long characters, long bytes) => FromCharacters(characters) + (Math.Max(0, bytes - characters) * TokensPerExtraByte);

    /// <summary>Tokens of a text.</summary>
    /// <param name="text">The text, read once.</param>
    /// <returns>Tokens, not rounded.</returns>
    public static double FromText(ReadOnlySpan<char> text)
    {
        var sum = 0L;
        foreach (var c in text)
        {
            sum += ScriptWeights.Of(c);
        }

        return sum / Units;
    }

    /// <summary>Tokens of JSON: its texts and its punctuation, without white space between values. Escaped characters count as what they stand for.</summary>
    /// <param name="json">The JSON as UTF-8, read once; bytes that are no UTF-8 do no harm.</param>
    /// <returns>Tokens, not rounded.</returns>
    public static double FromJson(ReadOnlySpan<byte> json)
    {
        var sum = 0L;
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            int b = json[i];
            if (b == '\\' && inText && i + 1 < json.Length)
            {
                sum += Escape(json, ref i);
            }
            else if (b < 128)
            {
                inText ^= b == '"';
                sum += inText || b > ' ' ? ScriptWeights.Ascii[b] : 0;
            }
            else
            {
                sum += ScriptWeights.Utf8(json, ref i);
            }
        }

        return sum / Units;
    }

    // At the backslash; ends on the last byte of the escape.
    private static int Escape(ReadOnlySpan<byte> json, ref int i)
    {
        var kind = json[++i];
        if (kind != 'u' || i + 4 >= json.Length)
        {
            return ScriptWeights.Ascii[kind is (byte)'n' or (byte)'r' or (byte)'t' ? ' ' : kind & 0x7f];
        }

        var unit = 0;
        for (var digits = 0; digits < 4; digits++)
        {
            unit = (unit << 4) | HexDigit(json[++i]);
        }

        return ScriptWeights.Of((char)unit);
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit & 0xf : (digit + 9) & 0xf;
}
