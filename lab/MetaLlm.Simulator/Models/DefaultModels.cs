using static MetaLlm.Simulator.Tasks.SimTaskType;

namespace MetaLlm.Simulator.Models;

/// <summary>
/// Six invented models: cheap specialists that are best in their field, a large one that is decent everywhere, and a dear one
/// that is best on what is hard. No single one is best, so a router has something to learn.
/// </summary>
public static class DefaultModels
{
    /// <summary>Small and quick; right on easy queries only.</summary>
    public static SimulatedModel Nano { get; } = new()
    {
        Name = "sim-nano",
        Description = "Smallest and cheapest; fine for easy queries of every kind.",
        Price = new ModelPrice(0.05m, 0.0125m, 0.20m),
        Ability = 0.50,
        Abilities = new Dictionary<SimTaskType, double> { [Sentiment] = 0.65, [Translation] = 0.55, [CodeOutput] = 0.40, [Logic] = 0.40 },
        TimeToFirstToken = TimeSpan.FromMilliseconds(120),
        TokensPerSecond = 220,
        ReplyTokens = 30,
    };

    /// <summary>Cheap; best at language.</summary>
    public static SimulatedModel Lingo { get; } = new()
    {
        Name = "sim-lingo",
        Description = "Cheap; trained on many languages and on reviews, weak with numbers.",
        Price = new ModelPrice(0.15m, 0.0375m, 0.60m),
        Ability = 0.42,
        Abilities = new Dictionary<SimTaskType, double> { [Sentiment] = 1.02, [Translation] = 1.35, [Logic] = 0.50, [Strings] = 0.50 },
        TimeToFirstToken = TimeSpan.FromMilliseconds(180),
        TokensPerSecond = 160,
        ReplyTokens = 40,
    };

    /// <summary>Inexpensive; best at programs, text manipulation and counting.</summary>
    public static SimulatedModel Coder { get; } = new()
    {
        Name = "sim-coder",
        Description = "Inexpensive; runs programs in its head, handles letters and lists, knows little else.",
        Price = new ModelPrice(0.30m, 0.075m, 1.20m),
        Ability = 0.50,
        Abilities = new Dictionary<SimTaskType, double>
        {
            [CodeOutput] = 1.15, [Strings] = 1.30, [Counting] = 1.35, [Sequences] = 0.75, [Arithmetic] = 0.65, [Sentiment] = 0.40, [Translation] = 0.30,
        },
        TimeToFirstToken = TimeSpan.FromMilliseconds(250),
        TokensPerSecond = 130,
        ReplyTokens = 60,
    };

    /// <summary>Mid-priced; best at numbers.</summary>
    public static SimulatedModel Math { get; } = new()
    {
        Name = "sim-math",
        Description = "Mid-priced; exact with numbers, units and dates, clumsy with words.",
        Price = new ModelPrice(0.50m, 0.125m, 2.00m),
        Ability = 0.45,
        Abilities = new Dictionary<SimTaskType, double>
        {
            [Arithmetic] = 1.40, [Units] = 1.35, [Sequences] = 1.20, [Dates] = 0.98, [Logic] = 0.70, [CodeOutput] = 0.70, [Sentiment] = 0.30, [Translation] = 0.25,
        },
        TimeToFirstToken = TimeSpan.FromMilliseconds(400),
        TokensPerSecond = 100,
        ReplyTokens = 90,
    };

    /// <summary>A generalist of the upper middle.</summary>
    public static SimulatedModel Large { get; } = new()
    {
        Name = "sim-large",
        Description = "A sound generalist at a middling price; loses the thread on the hardest queries.",
        Price = new ModelPrice(2.50m, 0.625m, 10.00m),
        Ability = 0.80,
        Abilities = new Dictionary<SimTaskType, double> { [Arithmetic] = 0.65, [Strings] = 0.60, [Counting] = 0.65, [Sentiment] = 0.90, [Translation] = 1.00, [Logic] = 0.85 },
        TimeToFirstToken = TimeSpan.FromMilliseconds(500),
        TokensPerSecond = 80,
        ReplyTokens = 110,
    };

    /// <summary>The most expensive; best on what is hard to reason about.</summary>
    public static SimulatedModel Frontier { get; } = new()
    {
        Name = "sim-frontier",
        Description = "The most expensive and slowest; reasons best, yet is no match for a specialist at exact letter and number work.",
        Price = new ModelPrice(10.00m, 2.50m, 40.00m),
        Ability = 1.00,
        Abilities = new Dictionary<SimTaskType, double>
        {
            [Logic] = 1.40, [CodeOutput] = 0.95, [Dates] = 1.20, [Sentiment] = 1.25, [Translation] = 1.20, [Arithmetic] = 0.75, [Strings] = 0.70, [Counting] = 0.75, [Sequences] = 0.88,
        },
        TimeToFirstToken = TimeSpan.FromMilliseconds(900),
        TokensPerSecond = 50,
        ReplyTokens = 160,
    };

    /// <summary>All six, cheapest first.</summary>
    public static IReadOnlyList<SimulatedModel> All { get; } = [Nano, Lingo, Coder, Math, Large, Frontier];
}
