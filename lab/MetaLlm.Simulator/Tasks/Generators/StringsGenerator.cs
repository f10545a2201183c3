using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Letter work: level 1 takes first letters, level 5 composes shifts, reversals and filters.</summary>
internal sealed class StringsGenerator : ITaskGenerator
{
    private const string Vowels = "aeiou";

    public SimTaskType Type => SimTaskType.Strings;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        var words = random.Pick(WordPools.Words, 4);
        var joined = string.Concat(words.Take(2));
        return level switch
        {
            1 => Ask(random, ["Join the first letters of: {0}.", "Take the first letter of each word in {0} and write them as one word.", "Which acronym do the words {0} form (lower case)?"],
                string.Join(", ", words), string.Concat(words.Select(word => word[0]))),
            2 => random.Chance(0.5)
                ? Ask(random, ["Reverse the string \"{0}\".", "Write \"{0}\" backwards.", "Spell \"{0}\" from the last letter to the first."], words[0] + words[1][..2], Reverse(words[0] + words[1][..2]))
                : Ask(random, ["Join the last letters of: {0}.", "Take the final letter of each word in {0} and write them as one word."], string.Join(", ", words), string.Concat(words.Select(word => word[^1]))),
            3 => random.Chance(0.5)
                ? Ask(random, ["Remove every vowel (a, e, i, o, u) from \"{0}\".", "What remains of \"{0}\" without its vowels a, e, i, o, u?"], joined, Consonants(joined))
                : Ask(random, ["Keep only the letters at odd positions (1st, 3rd, 5th, ...) of \"{0}\".", "Drop every second letter of \"{0}\" (the 2nd, 4th, ...)."], joined, EverySecond(joined)),
            4 => Shifted(random, words[0], random.Between(1, 5)),
            _ => random.Chance(0.5)
                ? Ask(random, ["Remove the vowels a, e, i, o, u from \"{0}\" and reverse what is left.", "Reverse \"{0}\", then strip all of a, e, i, o, u."], joined + words[2], Reverse(Consonants(joined + words[2])))
                : Ask(random, ["Reverse \"{0}\" and keep only the letters at odd positions (1st, 3rd, ...) of the result.", "Write \"{0}\" backwards, then drop the 2nd, 4th, 6th letter and so on."], joined + words[2], EverySecond(Reverse(joined + words[2]))),
        };
    }

    private static TaskDraft Shifted(SeededRandom random, string word, int shift)
    {
        string[] templates =
        [
            "Shift every letter of \"{0}\" forward by {1} in the alphabet (z wraps to a).", "Encode \"{0}\" with a Caesar cipher of shift {1}.",
            "Replace each letter of \"{0}\" by the letter that stands {1} further on in the alphabet, wrapping round.",
        ];
        return TaskDraft.Text(random.Phrase(templates, word, Invariant($"{shift}")), Caesar(word, shift), [Caesar(word, shift + 1), Caesar(word, -shift), Slip(Caesar(word, shift))]);
    }

    private static TaskDraft Ask(SeededRandom random, string[] templates, string input, string answer) =>
        TaskDraft.Text(random.Phrase(templates, input), answer, [Slip(answer), answer[..^1], Doubled(answer)]);

    private static string Reverse(string text) => string.Concat(text.Reverse());

    private static string Consonants(string text) => string.Concat(text.Where(letter => !Vowels.Contains(letter, StringComparison.Ordinal)));

    private static string EverySecond(string text) => string.Concat(text.Where((_, index) => index % 2 == 0));

    private static string Caesar(string text, int shift) => string.Concat(text.Select(letter => (char)('a' + ((letter - 'a' + shift + 26) % 26))));

    /// <summary>Two neighbouring letters swapped: the first pair that differs; a text of one repeated letter gains one instead.</summary>
    private static string Slip(string text)
    {
        for (var i = text.Length - 2; i >= 0; i--)
        {
            if (text[i] != text[i + 1])
            {
                return Invariant($"{text[..i]}{text[i + 1]}{text[i]}{text[(i + 2)..]}");
            }
        }

        return Doubled(text);
    }

    private static string Doubled(string text) => text + text[^1];
}
