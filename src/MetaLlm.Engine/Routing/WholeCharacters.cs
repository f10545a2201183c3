namespace MetaLlm.Engine.Routing;

/// <summary>Cuts texts between two characters, never within one.</summary>
internal static class WholeCharacters
{
    /// <summary>The beginning of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Its UTF-16 units to keep, 0 to all; one less where the last is the first half of a pair.</param>
    public static string Of(string text, int length) => text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>The length of a text's beginning.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="most">Most bytes.</param>
    /// <returns>At most so many.</returns>
    public static int Count(ReadOnlySpan<byte> utf8, int most)
    {
        var length = Math.Min(utf8.Length, most);
        while (length < utf8.Length && length > 0 && (utf8[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }
}
