using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Sorting, ranking and counting over lists that grow with the level.</summary>
internal sealed class CountingGenerator : ITaskGenerator
{
    private static readonly string[] Sorts =
    [
        "Sort these numbers from smallest to largest: {0}.", "Put {0} in ascending order.", "Arrange the list {0} so that it increases.",
    ];

    private static readonly string[] Evens =
    [
        "How many of these numbers are even: {0}?", "Count the even numbers in {0}.", "In the list {0}, how many entries are divisible by 2?",
    ];

    private static readonly string[] Ranks =
    [
        "Which is the {1} smallest number in {0}?", "In the list {0}, find the {1} smallest value.",
    ];

    private static readonly string[] Alphabetical =
    [
        "Sort these words alphabetically: {0}.", "Put the words {0} in alphabetical order.", "List {0} as they would stand in a dictionary.",
    ];

    private static readonly string[] Letters =
    [
        "How many times does the letter {1} occur in: {0}?", "Count the letter {1} in this text: {0}.",
    ];

    private static readonly string[] Ordinals = ["", "1st", "2nd", "3rd", "4th", "5th", "6th"];

    public SimTaskType Type => SimTaskType.Counting;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        var numbers = random.Pick([.. Enumerable.Range(2, 40 * level)], 3 + (2 * level));
        var list = string.Join(", ", numbers.Select(number => Invariant($"{number}")));
        switch (random.Between(0, 4))
        {
            case 0:
                var sorted = numbers.Order().ToArray();
                return TaskDraft.List(random.Phrase(Sorts, list), sorted, Swapped(sorted, 0), Swapped(sorted, sorted.Length - 2), sorted.Reverse());
            case 1:
                return TaskDraft.Number(random.Phrase(Evens, list), numbers.Count(number => number % 2 == 0), random);
            case 2:
                var rank = random.Between(2, level + 1);
                return TaskDraft.Number(random.Phrase(Ranks, list, Ordinals[rank]), numbers.Order().ElementAt(rank - 1), random);
            case 3:
                var words = random.Pick(WordPools.Words, 3 + level);
                var ordered = words.Order(StringComparer.Ordinal).ToArray();
                return TaskDraft.List(random.Phrase(Alphabetical, string.Join(", ", words)), ordered, Swapped(ordered, 0), Swapped(ordered, 1), ordered.Reverse());
            default:
                var text = string.Join(' ', random.Pick(WordPools.Words, level + 1));
                var letter = text[0];
                return TaskDraft.Number(random.Phrase(Letters, text, $"\"{letter}\""), text.Count(character => character == letter), random);
        }
    }

    private static T[] Swapped<T>(T[] items, int index)
    {
        var copy = items.ToArray();
        (copy[index], copy[index + 1]) = (copy[index + 1], copy[index]);
        return copy;
    }
}
