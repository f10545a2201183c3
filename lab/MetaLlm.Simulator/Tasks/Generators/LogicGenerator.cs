using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 chains two comparisons; then rankings, syllogisms, shuffled orders, and islands of knights and knaves.</summary>
internal sealed class LogicGenerator : ITaskGenerator
{
    private static readonly string[] YesNo = ["yes", "no"];

    private static readonly (string More, string Most)[] Comparisons =
    [
        ("taller", "tallest"), ("older", "oldest"), ("faster", "fastest"), ("richer", "richest"), ("heavier", "heaviest"), ("stronger", "strongest"),
    ];

    private static readonly string[] Invented =
    [
        "blorps", "fints", "glims", "drabs", "quints", "mervs", "toles", "zibs", "plons", "karps", "wugs", "snoods",
    ];

    public SimTaskType Type => SimTaskType.Logic;

    public TaskDraft Generate(SeededRandom random, int level) => level switch
    {
        1 => Chain(random),
        2 => Ranking(random, 4, shuffled: false),
        3 => Syllogism(random),
        4 => Ranking(random, 5, shuffled: true),
        _ => KnightsAndKnaves(random),
    };

    private static TaskDraft Chain(SeededRandom random)
    {
        var p = random.Pick(WordPools.Names, 3);
        var (more, _) = random.Pick(Comparisons);
        var forward = random.Chance(0.5);
        var (who, whom) = forward ? (p[0], p[2]) : (p[2], p[0]);
        string[] templates =
        [
            "{0} is {3} than {1}. {1} is {3} than {2}. Is {4} {3} than {5}? Answer yes or no.",
            "We know that {1} is {3} than {2} and that {0} is {3} than {1}. Does it follow that {4} is {3} than {5}? Yes or no?",
        ];
        return TaskDraft.Choice(random.Phrase(templates, p[0], p[1], p[2], more, who, whom), forward ? "yes" : "no", YesNo);
    }

    /// <summary>People stand in a strict order; neighbours are compared, perhaps out of order and partly the other way round.</summary>
    private static TaskDraft Ranking(SeededRandom random, int people, bool shuffled)
    {
        var order = random.Pick(WordPools.Names, people);
        var (more, most) = random.Pick(Comparisons);
        var facts = Enumerable.Range(0, people - 1).Select(i => shuffled && random.Chance(0.5)
            ? Invariant($"{order[i + 1]} is not {more} than {order[i]}, and they differ.")
            : Invariant($"{order[i]} is {more} than {order[i + 1]}.")).ToArray();
        if (shuffled)
        {
            random.Shuffle(facts);
        }

        var rank = shuffled ? random.Between(1, people - 2) : 0;
        var place = rank switch { 0 => Invariant($"the {most}"), 1 => Invariant($"the second {most}"), 2 => Invariant($"the third {most}"), _ => Invariant($"the fourth {most}") };
        string[] templates = ["{0} Who is {1}?", "Read carefully. {0} Which person is {1}?", "{0} Name {1} of them."];
        return TaskDraft.Choice(random.Phrase(templates, string.Join(' ', facts), place), order[rank], order);
    }

    private static TaskDraft Syllogism(SeededRandom random)
    {
        var w = random.Pick(Invented, 3);
        (string Premises, string Conclusion, bool Follows)[] forms =
        [
            ("All {0} are {1}. All {1} are {2}.", "all {0} are {2}", true), ("All {0} are {1}. No {1} are {2}.", "no {0} are {2}", true),
            ("All {0} are {1}. Some {1} are {2}.", "some {0} must be {2}", false), ("All {0} are {1}. All {2} are {1}.", "all {0} are {2}", false),
            ("Some {0} are {1}. All {1} are {2}.", "some {0} are {2}", true), ("No {0} are {1}. All {1} are {2}.", "no {0} are {2}", false),
        ];
        var (premises, conclusion, follows) = random.Pick(forms);
        string[] templates = [premises + " Does it follow that " + conclusion + "? Answer yes or no.", "Suppose: " + premises + " Is it certain that " + conclusion + "? Yes or no?"];
        return TaskDraft.Choice(random.Phrase(templates, w), follows ? "yes" : "no", YesNo);
    }

    /// <summary>Three islanders each speak of another; statements are drawn until exactly one assignment of knights fits them.</summary>
    private static TaskDraft KnightsAndKnaves(SeededRandom random)
    {
        var p = random.Pick(WordPools.Names, 3);
        while (true)
        {
            var claims = Enumerable.Range(0, 3).Select(i => (About: (i + random.Between(1, 2)) % 3, Same: random.Chance(0.4), Knight: random.Chance(0.5))).ToArray();
            var worlds = Enumerable.Range(0, 8).Where(world => Enumerable.Range(0, 3).All(i => IsKnight(world, i) == Holds(world, i, claims[i]))).ToArray();
            if (worlds.Length != 1)
            {
                continue;
            }

            var said = string.Join(' ', claims.Select((claim, i) => claim.Same
                ? Invariant($"{p[i]} says: \"{p[claim.About]} and I are of the same kind.\"")
                : Invariant($"{p[i]} says: \"{p[claim.About]} is a {(claim.Knight ? "knight" : "knave")}.\"")));
            var asked = random.Between(0, 2);
            string[] templates =
            [
                "On an island, knights always tell the truth and knaves always lie. {0} Is {1} a knight? Answer yes or no.",
                "Knights never lie, knaves always do. {0} Does {1} belong to the knights? Yes or no?",
            ];
            return TaskDraft.Choice(random.Phrase(templates, said, p[asked]), IsKnight(worlds[0], asked) ? "yes" : "no", YesNo);
        }
    }

    private static bool IsKnight(int world, int person) => (world & (1 << person)) != 0;

    private static bool Holds(int world, int speaker, (int About, bool Same, bool Knight) claim) => claim.Same
        ? IsKnight(world, claim.About) == IsKnight(world, speaker)
        : IsKnight(world, claim.About) == claim.Knight;
}
