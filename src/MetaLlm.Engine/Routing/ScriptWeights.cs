namespace MetaLlm.Engine.Routing;

/// <summary>
/// Hundredths of a token that a UTF-16 unit takes, by script: means over the byte-pair vocabularies of current models, which differ by up to a factor of two for what is not Latin.
/// </summary>
internal static class ScriptWeights
{
    /// <summary>Blocks hold 2^7 units, few enough to tell scripts apart.</summary>
    private const int BlockBits = 7;

    private const byte Letter = 25;
    private const byte Digit = 40;
    private const byte Mark = 50;
    private const byte Unknown = 150;

    // Unicode gives the characters beyond the first 65,536 to emoji and to rare ideographs: two tokens each, and so one for each half of a pair.
    private const byte Half = 100;

    private static readonly byte[] _ascii = MakeAscii();
    private static readonly byte[] _blocks = MakeBlocks();

    /// <summary>By unit below 128.</summary>
    public static ReadOnlySpan<byte> Ascii => _ascii;

    public static int Of(char unit) => unit < 128 ? _ascii[unit] : _blocks[unit >> BlockBits];

    /// <summary>Weight of a character beyond ASCII.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="i">Where it begins; ends on its last byte.</param>
    public static int Utf8(ReadOnlySpan<byte> text, ref int i)
    {
        int lead = text[i];
        var more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
        if (i + more >= text.Length)
        {
            return Unknown;
        }

        var (first, second) = (more > 0 ? text[i + 1] & 0x3f : 0, more > 1 ? text[i + 2] & 0x3f : 0);
        i += more;
        return more switch
        {
            0 => Unknown,
            1 => _blocks[((lead & 0x1f) << 6 | first) >> BlockBits],
            2 => _blocks[((lead & 0xf) << 12 | first << 6 | second) >> BlockBits],
            _ => 2 * Half,
        };
    }

    private static byte[] MakeAscii()
    {
        var weights = new byte[128];
        for (var c = 0; c < weights.Length; c++)
        {
            weights[c] = char.IsAsciiDigit((char)c) ? Digit : char.IsAsciiLetter((char)c) || c <= ' ' ? Letter : Mark;
        }

        return weights;
    }

    private static byte[] MakeBlocks()
    {
        var weights = new byte[1 << (16 - BlockBits)];
        Array.Fill(weights, Unknown);
        Span<(int From, int To, byte Weight)> scripts =
        [
            (0x0080, 0x024f, 50), // Latin with marks
            (0x0380, 0x03ff, 50), // Greek
            (0x0400, 0x052f, 40), // Cyrillic
            (0x0530, 0x05ff, 60), // Armenian, Hebrew
            (0x0600, 0x077f, 50), // Arabic
            (0x0900, 0x0dff, 70), // Devanagari and the other scripts of India
            (0x0e00, 0x0e7f, 70), // Thai
            (0x1080, 0x10ff, 80), // Georgian
            (0x1100, 0x11ff, 80), // Hangul
            (0x1e00, 0x1eff, 60), // Latin with two marks, as in Vietnamese
            (0x1f00, 0x1fff, 80), // Greek with marks
            (0x2000, 0x207f, 50), // quotation marks, dashes
            (0x2080, 0x2fff, 100), // symbols
            (0x3000, 0x30ff, 80), // Kana
            (0x3100, 0x33ff, 100),
            (0x4e00, 0x9fff, 100), // ideographs
            (0xac00, 0xd7ff, 80), // Hangul
            (0xd800, 0xdfff, Half),
            (0xe000, 0xf8ff, 100),
            (0xfe00, 0xfe7f, 50), // choices of a glyph
            (0xff00, 0xffff, 80), // wide forms
        ];
        foreach (var (from, to, weight) in scripts)
        {
            for (var block = from >> BlockBits; block <= to >> BlockBits; block++)
            {
                weights[block] = weight;
            }
        }

        return weights;
    }
}
