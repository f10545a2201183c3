using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 adds a constant; then factors, squares, recurrences, and interleaved or distant terms.</summary>
internal sealed class SequencesGenerator : ITaskGenerator
{
    private static readonly string[] Next =
    [
        "What comes next: {0}, ...?", "Give the next number in the sequence {0}.", "Continue the sequence {0}. Which number follows?",
        "Find the missing last term: {0}, ?", "A puzzle shows {0} and asks for the next term. What is it?",
    ];

    private static readonly string[] Nth =
    [
        "What is term number {1} of the sequence that begins {0}?", "The sequence {0} goes on by the same rule. Give its term number {1} (the first shown is number 1).",
    ];

    public SimTaskType Type => SimTaskType.Sequences;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        int a = random.Between(2, 30), b = random.Between(2, 12), c = random.Between(1, 25);
        return level switch
        {
            1 => Ask(random, n => a + (n * b), 5, 5),
            2 => random.Chance(0.5) ? Ask(random, n => a + 90 + c - (n * b), 5, 5) : Ask(random, n => a * (long)Math.Pow((b % 3) + 2, n), 4, 4),
            3 => random.Chance(0.5) ? Ask(random, n => ((n + b) * (n + b)) + c, 5, 5) : Ask(random, Recurrence(a, c), 6, 6),
            4 => random.Chance(0.5) ? Ask(random, n => (b * n * n) + (a * n) + c, 5, 5) : Ask(random, n => n % 2 == 0 ? a + (n / 2 * b) : c + 40 - (n / 2 * 3), 8, 8),
            _ => random.Chance(0.5) ? Ask(random, n => (b * n * n) + (a * n) + c, 5, random.Between(14, 29)) : Ask(random, n => (n * n * n) + (b * n) + a, 6, random.Between(8, 16)),
        };
    }

    /// <summary>Shows the first <paramref name="shown"/> terms and asks for the one at the zero-based <paramref name="index"/>.</summary>
    private static TaskDraft Ask(SeededRandom random, Func<int, long> term, int shown, int index)
    {
        var terms = string.Join(", ", Enumerable.Range(0, shown).Select(n => Invariant($"{term(n)}")));
        var prompt = index == shown ? random.Phrase(Next, terms) : random.Phrase(Nth, terms, Invariant($"{index + 1}"));
        return TaskDraft.Number(prompt, term(index), random);
    }

    private static Func<int, long> Recurrence(int first, int second) => n =>
    {
        long previous = first, current = first + second;
        for (var i = 0; i < n; i++)
        {
            (previous, current) = (current, previous + current);
        }

        return previous;
    };
}
