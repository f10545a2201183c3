using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 adds two-digit numbers; level 5 chains products of three-digit numbers.</summary>
internal sealed class ArithmeticGenerator : ITaskGenerator
{
    private static readonly string[] Questions =
    [
        "What is {0}?", "Compute {0}.", "Work out {0} and give me the number.", "Please calculate {0}.", "How much is {0}?",
        "Evaluate the expression {0}.", "I need the exact value of {0}.",
    ];

    public SimTaskType Type => SimTaskType.Arithmetic;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        if (level > 1 && random.Chance(0.35))
        {
            return WordProblem(random, level);
        }

        var (expression, value) = Expression(random, level);
        return TaskDraft.Number(random.Phrase(Questions, expression), value, random);
    }

    private static (string Expression, long Value) Expression(SeededRandom random, int level)
    {
        switch (level)
        {
            case 1:
                int a = random.Between(40, 99), b = random.Between(11, 39);
                return random.Chance(0.5) ? (Invariant($"{a} + {b}"), a + b) : (Invariant($"{a} - {b}"), a - b);
            case 2:
                int c = random.Between(500, 999), d = random.Between(101, 499);
                return random.Chance(0.5) ? (Invariant($"{c} + {d}"), c + d) : (Invariant($"{c} - {d}"), c - d);
            case 3:
                int e = random.Between(12, 99), f = random.Between(12, 99), g = random.Between(10, 99);
                return (Invariant($"{e} * {f} + {g}"), (e * f) + g);
            case 4:
                int h = random.Between(112, 989), i = random.Between(23, 97), j = random.Between(100, 999);
                return (Invariant($"{h} * {i} + {j}"), (h * i) + j);
            default:
                int k = random.Between(312, 989), l = random.Between(113, 997), m = random.Between(312, 989), n = random.Between(23, 97), o = random.Between(1000, 9999);
                return (Invariant($"({k} * {l}) + ({m} * {n}) - {o}"), (k * l) + (m * n) - o);
        }
    }

    private static TaskDraft WordProblem(SeededRandom random, int level)
    {
        var names = random.Pick(WordPools.Names, 2);
        var goods = random.Pick(WordPools.Goods, 2);
        int count = random.Between(3, 9) + (level * 4), price = random.Between(2, 9) + (level * 3), other = random.Between(3, 20) + level;
        var total = count * price;
        switch (level)
        {
            case 2:
                return TaskDraft.Number(
                    Invariant($"{names[0]} buys {count} {goods[0]} at {price} dollars each. How many dollars is that?"), total, random);
            case 3:
                var paid = ((total / 100) + 1) * 100;
                return TaskDraft.Number(
                    Invariant($"{names[0]} buys {count} {goods[0]} at {price} dollars each and pays with {paid} dollars. How many dollars come back?"), paid - total, random);
            case 4:
                return TaskDraft.Number(
                    Invariant($"A shop sells {goods[0]} at {price} dollars and {goods[1]} at {price + other} dollars. {names[0]} takes {count} {goods[0]} and {other} {goods[1]}. What is the bill in dollars?"),
                    total + (other * (price + other)), random);
            default:
                int boxes = random.Between(13, 48), weeks = random.Between(3, 9), broken = random.Between(17, 90);
                return TaskDraft.Number(
                    Invariant($"A depot receives {boxes} boxes a week, each with {count} {goods[0]}, for {weeks} weeks. {broken} turn out broken, and {names[0]} and {names[1]} take {other} each. How many {goods[0]} are left?"),
                    (boxes * weeks * count) - broken - (2 * other), random);
        }
    }
}
