using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Conversions between two units of one kind; answers have two decimals.</summary>
internal sealed partial class UnitReader : IQuestionReader
{
    /// <summary>Names, the kind, and how many of the kind's base unit one of it is.</summary>
    private static readonly (string[] Names, string Kind, decimal Factor)[] Units =
    [
        (["mm", "millimetre", "millimeter"], "length", 0.001m), (["cm", "centimetre", "centimeter"], "length", 0.01m), (["m", "metre", "meter"], "length", 1m),
        (["km", "kilometre", "kilometer"], "length", 1000m), (["in", "inch", "inche"], "length", 0.0254m), (["ft", "foot", "feet"], "length", 0.3048m),
        (["yd", "yard"], "length", 0.9144m), (["mi", "mile"], "length", 1609.344m),
        (["mg", "milligram"], "mass", 0.001m), (["g", "gram"], "mass", 1m), (["kg", "kilogram", "kilo"], "mass", 1000m), (["t", "tonne"], "mass", 1_000_000m),
        (["oz", "ounce"], "mass", 28.349523125m), (["lb", "pound"], "mass", 453.59237m),
        (["ml", "millilitre", "milliliter"], "volume", 0.001m), (["l", "litre", "liter"], "volume", 1m), (["gal", "gallon"], "volume", 3.785411784m),
        (["second", "sec"], "time", 1m), (["minute", "min"], "time", 60m), (["hour", "hr"], "time", 3600m), (["day"], "time", 86_400m), (["week"], "time", 604_800m),
    ];

    public SimTaskType Type => SimTaskType.Units;

    public IReadOnlyList<string> Examples { get; } = ["Convert 5 miles to kilometers", "How many minutes are in 3 hours?", "What is 100 F in C?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var text = question.ToLowerInvariant().TrimEnd('?', '.', '!', ' ').Replace("°", "", StringComparison.Ordinal).Replace("degrees ", "", StringComparison.Ordinal);
        var match = Forward().Match(text) is { Success: true } forward ? forward : Backward().Match(text);
        if (!match.Success || Amount(match.Groups["amount"].Value) is not { } amount)
        {
            return null;
        }

        return Convert(amount, match.Groups["from"].Value, match.Groups["to"].Value) is { } value
            ? TaskDraft.Number(question, Math.Round(value, 2, MidpointRounding.AwayFromZero), random)
            : null;
    }

    private static decimal? Amount(string text) => text is "a" or "an" or "one" ? 1 : NumberText.Parse(text);

    private static decimal? Convert(decimal amount, string from, string to)
    {
        switch (from[0], to[0], Temperature().IsMatch(from) && Temperature().IsMatch(to))
        {
            case ('c', 'f', true):
                return (amount * 1.8m) + 32;
            case ('f', 'c', true):
                return (amount - 32) / 1.8m;
        }

        return Find(from) is { } source && Find(to) is { } target && source.Kind == target.Kind ? amount * source.Factor / target.Factor : null;
    }

    private static (string Kind, decimal Factor)? Find(string name)
    {
        foreach (var (names, kind, factor) in Units)
        {
            if (names.Contains(name, StringComparer.Ordinal) || (name.EndsWith('s') && names.Contains(name[..^1], StringComparer.Ordinal)))
            {
                return (kind, factor);
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(?:please )?(?:convert|express|change|what is|what's|how much is|how long is)?\s*(?<amount>[\d.,]+|an?|one) ?(?<from>[a-z]+) (?:to|into|in|as) (?<to>[a-z]+)$")]
    private static partial Regex Forward();

    [GeneratedRegex(@"^how many (?<to>[a-z]+) (?:are (?:there )?in|in|is|are|make|does) (?<amount>[\d.,]+|an?|one) ?(?<from>[a-z]+)(?: have)?$")]
    private static partial Regex Backward();

    [GeneratedRegex(@"^(?:c|celsius|f|fahrenheit)$")]
    private static partial Regex Temperature();
}
