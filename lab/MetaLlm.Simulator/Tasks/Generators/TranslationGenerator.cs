namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 to 3 translate one word (from English, into English, between foreign languages); levels 4 and 5 translate lists.</summary>
internal sealed class TranslationGenerator : ITaskGenerator
{
    private static readonly string[] One =
    [
        "Translate \"{0}\" from {1} to {2}.", "What is the {2} word for \"{0}\" ({1})?", "How do you say \"{0}\" in {2}? It is {1}. One word, please.",
        "Give the {2} translation of the {1} word \"{0}\".", "I only speak {1}. Which {2} word means \"{0}\"?",
    ];

    private static readonly string[] Several =
    [
        "Translate these {1} words to {2}, in order, separated by commas: {0}.", "Give the {2} for each of the {1} words {0} (a comma between them).",
        "A {1} shopping note says {0}. Write the same list in {2}, with commas.",
    ];

    public SimTaskType Type => SimTaskType.Translation;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        var foreign = random.Pick([1, 2, 3, 4], 2);
        var (from, to) = level switch { 1 => (0, foreign[0]), 2 => (foreign[0], 0), 4 => (0, foreign[0]), _ => (foreign[0], foreign[1]) };
        var entries = random.Pick(Vocabulary.Entries, 6);
        if (level <= 3)
        {
            var entry = entries[0];
            var wrong = entries[1..4].Select(other => other[to]);
            return TaskDraft.Text(random.Phrase(One, entry[from], Vocabulary.Languages[from], Vocabulary.Languages[to]), entry[to], [.. wrong]);
        }

        var count = level == 4 ? 3 : 4;
        var answer = entries[..count].Select(entry => entry[to]).ToArray();
        var prompt = random.Phrase(Several, string.Join(", ", entries[..count].Select(entry => entry[from])), Vocabulary.Languages[from], Vocabulary.Languages[to]);
        return TaskDraft.List(prompt, answer, [.. answer[..^1], entries[^1][to]], [entries[^1][to], .. answer[1..]]);
    }
}
