namespace MetaLlm.Gateway.RequestLog;

/// <summary>Tells numbers of cards and bank accounts from others by their check digits.</summary>
internal static class Checksums
{
    private const int ShortestCard = 14;
    private const int LongestCard = 19;
    private const int ShortestIban = 15;
    private const int LongestIban = 34;

    /// <summary>Whether digits hold a number that a card may have: by what its issuers begin with, its length, and its check digit (Luhn).</summary>
    public static bool HoldsCard(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Select(c => c - '0').ToArray();
        for (var start = 0; start + ShortestCard <= digits.Length; start++)
        {
            for (var length = ShortestCard; length <= LongestCard && start + length <= digits.Length; length++)
            {
                if (IsIssued(digits.AsSpan(start, 4), length) && IsLuhn(digits.AsSpan(start, length)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A text without the account number that it begins with; the text itself where it begins with none.</summary>
    public static string WithoutIban(string text)
    {
        var (count, end) = (0, 0);
        Span<char> signs = stackalloc char[LongestIban];
        for (var i = 0; i < text.Length && count < LongestIban; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]))
            {
                signs[count++] = char.ToUpperInvariant(text[i]);
                end = count >= ShortestIban && IsIban(signs[..count]) ? i + 1 : end;
            }
        }

        return end > 0 ? "[iban]" + text[end..] : text;
    }

    private static bool IsIssued(ReadOnlySpan<int> first, int length)
    {
        var four = (((((first[0] * 10) + first[1]) * 10) + first[2]) * 10) + first[3];
        return (four / 100, four) switch
        {
            (34 or 37, _) => length == 15,
            (36 or 38 or 39, _) or (_, >= 3000 and < 3060) => length == 14,
            (>= 40 and < 50, _) => length is 16 or 19,
            (62, _) => length >= 16,
            (>= 51 and < 56, _) or (_, >= 2221 and <= 2720) or (_, >= 3528 and < 3590) or (_, 6011) or (64 or 65, _) => length == 16,
            _ => false,
        };
    }

    private static bool IsLuhn(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (digits.Length - i) % 2 == 0 ? 2 * digits[i] : digits[i];
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO 7064: the first four signs come last, letters count from 10, and the rest by 97 is 1.</summary>
    private static bool IsIban(ReadOnlySpan<char> signs)
    {
        var rest = 0;
        for (var i = 0; i < signs.Length; i++)
        {
            var sign = signs[(i + 4) % signs.Length];
            rest = char.IsAsciiDigit(sign) ? ((rest * 10) + (sign - '0')) % 97 : ((rest * 100) + (sign - 'A' + 10)) % 97;
        }

        return rest == 1;
    }
}
