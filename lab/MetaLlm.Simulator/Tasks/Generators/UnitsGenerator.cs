using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 shifts a power of ten; level 5 chains conversions with a stated factor and rounds.</summary>
internal sealed class UnitsGenerator : ITaskGenerator
{
    private static readonly string[] Questions =
    [
        "Convert {0} to {1}.", "How many {1} are {0}?", "Express {0} in {1}.", "{0}: what is that in {1}?",
    ];

    private static readonly (string From, string To, decimal Factor)[] Metric =
    [
        ("kilometres", "metres", 1000), ("kilograms", "grams", 1000), ("litres", "millilitres", 1000), ("metres", "centimetres", 100),
        ("hours", "minutes", 60), ("tonnes", "kilograms", 1000), ("days", "hours", 24), ("minutes", "seconds", 60),
    ];

    private static readonly (string From, string To, decimal Factor)[] Imperial =
    [
        ("miles", "kilometres", 1.609m), ("pounds", "kilograms", 0.454m), ("inches", "centimetres", 2.54m), ("feet", "metres", 0.305m),
        ("gallons", "litres", 3.785m), ("ounces", "grams", 28.35m),
    ];

    public SimTaskType Type => SimTaskType.Units;

    public TaskDraft Generate(SeededRandom random, int level) => level switch
    {
        1 => Simple(random, random.Between(2, 60)),
        2 => Simple(random, random.Between(11, 999) / 10m),
        3 => Compound(random),
        4 => random.Chance(0.5) ? WithFactor(random) : Temperature(random),
        _ => Chained(random),
    };

    private static TaskDraft Simple(SeededRandom random, decimal amount)
    {
        var (from, to, factor) = random.Pick(Metric);
        return TaskDraft.Number(random.Phrase(Questions, Invariant($"{amount} {from}"), to), amount * factor, random);
    }

    private static TaskDraft Compound(SeededRandom random)
    {
        var (from, to, factor) = random.Pick(Metric);
        int whole = random.Between(2, 29), part = random.Between(3, (int)factor - 1);
        return TaskDraft.Number(random.Phrase(Questions, Invariant($"{whole} {from} and {part} {to}"), to), (whole * factor) + part, random);
    }

    private static TaskDraft WithFactor(SeededRandom random)
    {
        var (from, to, factor) = random.Pick(Imperial);
        var amount = random.Between(12, 480);
        var question = random.Phrase(Questions, Invariant($"{amount} {from}"), to);
        return TaskDraft.Number(Invariant($"{question} Take one of the {from} as {factor} {to} and round to two decimals."), Round(amount * factor), random);
    }

    private static TaskDraft Temperature(SeededRandom random)
    {
        string[] templates = ["Convert {0} degrees Celsius to degrees Fahrenheit.", "The oven shows {0} degrees Celsius. How many degrees Fahrenheit is that?"];
        var celsius = random.Between(6, 290);
        return TaskDraft.Number(random.Phrase(templates, Invariant($"{celsius}")), (celsius * 1.8m) + 32, random);
    }

    private static TaskDraft Chained(SeededRandom random)
    {
        int speed = random.Between(31, 129), minutes = random.Between(17, 190);
        var name = random.Pick(WordPools.Names);
        if (random.Chance(0.5))
        {
            return TaskDraft.Number(
                Invariant($"{name} drives at {speed} kilometres per hour for {minutes} minutes. How many miles is that, with a mile of 1.609 kilometres, rounded to two decimals?"),
                Round(speed * minutes / 60m / 1.609m), random);
        }

        var (from, to, factor) = random.Pick(Imperial);
        return TaskDraft.Number(
            Invariant($"{name} needs {speed} {to} and already has {minutes / 10} {from}. If one of the {from} is {factor} {to}, how many {to} are missing or spare, rounded to two decimals (without a sign)?"),
            Round(Math.Abs(speed - (minutes / 10 * factor))), random);
    }

    private static decimal Round(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
