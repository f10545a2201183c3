using System.Globalization;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>Digits, letters, dashes and spaces that are written with other signs of the same meaning, such as full-width ones.</summary>
internal static class PlainSigns
{
    private const int FullWidth = '！' - '!';

    /// <summary>A text in which each of them is the plain sign, at the same place; the text itself where it has none.</summary>
    public static string Of(string text)
    {
        var at = 0;
        while (at < text.Length && Of(text[at]) == text[at])
        {
            at++;
        }

        return at == text.Length ? text : string.Create(text.Length, text, static (plain, written) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = Of(written[i]);
            }
        });
    }

    private static char Of(char sign) => sign switch
    {
        < '\u00a0' => sign,
        '\u00a0' or '\u202f' or '\u3000' or (>= '\u2000' and <= '\u200a') => ' ',
        '\u2212' or (>= '\u2010' and <= '\u2015') => '-',
        '\u2024' or '\u3002' or '\uff61' => '.',
        >= '！' and <= '～' => (char)(sign - FullWidth),
        _ when CharUnicodeInfo.GetDecimalDigitValue(sign) is var digit and >= 0 => (char)('0' + digit),
        _ => sign,
    };
}
