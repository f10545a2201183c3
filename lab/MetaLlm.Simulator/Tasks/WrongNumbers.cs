namespace MetaLlm.Simulator.Tasks;

/// <summary>The slips people and models make with numbers: off by one, a lost carry, swapped digits, a wrong power of ten.</summary>
internal static class WrongNumbers
{
    public static string Format(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    public static IReadOnlyList<string> Near(decimal value, SeededRandom random)
    {
        List<decimal> candidates = value == decimal.Truncate(value)
            ? [value + 1, value - 1, value + 10, value - 10, SwapLastDigits(value), value + random.Between(2, 9)]
            : [value * 10, value / 10, value + 0.1m, value - 0.1m, value + 1];

        // A model that has made no sense of the sign would stand out; a slip keeps it.
        var wrong = candidates.Where(candidate => candidate != value && (candidate >= 0) == (value >= 0)).Select(Format).Distinct().ToArray();
        random.Shuffle(wrong);
        return wrong[..Math.Min(3, wrong.Length)];
    }

    private static decimal SwapLastDigits(decimal value)
    {
        var ones = value % 10;
        var tens = (value % 100 - ones) / 10;
        return value - (tens * 10) - ones + (ones * 10) + tens;
    }
}
