using System.Globalization;

namespace MetaLlm.Gateway.Http;

/// <summary>Reads times as clients send them.</summary>
internal static class IsoTime
{
    private const int Date = 10;

    /// <summary>Reads a date, which begins at midnight UTC, or a date with a time, which is UTC unless it says otherwise.</summary>
    /// <param name="text">The text, in ISO 8601.</param>
    /// <returns>The time; null where the text is none.</returns>
    public static DateTimeOffset? Parse(string? text) =>
        text is not null && IsShaped(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    // .NET reads much else, such as 12:00 for noon of today, and 01/02/2027.
    private static bool IsShaped(string text) =>
        text.Length >= Date
        && Are(text.AsSpan(0, Date), "0000-00-00")
        && (text.Length == Date || (text.Length >= Date + 6 && text[Date] is 'T' or 't' or ' ' && Are(text.AsSpan(Date + 1, 5), "00:00")));

    private static bool Are(ReadOnlySpan<char> text, string shape)
    {
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : text[i] != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}
