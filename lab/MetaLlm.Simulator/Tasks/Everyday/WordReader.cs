using System.Text.RegularExpressions;
using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Letters of a word: reversed, counted, in capitals.</summary>
internal sealed partial class WordReader : IQuestionReader
{
    public SimTaskType Type => SimTaskType.Strings;

    public IReadOnlyList<string> Examples { get; } = ["Reverse the word 'router'", "How many r's are in strawberry?", "How many letters are in 'banana'?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var text = question.TrimEnd('?', '.', '!', ' ');
        if (Backwards().Match(text) is { Success: true } backwards)
        {
            var word = backwards.Groups["word"].Value;
            return Text(question, string.Concat(word.Reverse()), word);
        }

        if (Letter().Match(text) is { Success: true } letter)
        {
            var sought = char.ToLowerInvariant(letter.Groups["letter"].Value[0]);
            return TaskDraft.Number(question, letter.Groups["word"].Value.Count(c => char.ToLowerInvariant(c) == sought), random);
        }

        if (Length().Match(text) is { Success: true } length)
        {
            return TaskDraft.Number(question, length.Groups["word"].Value.Count(char.IsLetter), random);
        }

        return Capitals().Match(text) is { Success: true } capitals ? Text(question, capitals.Groups["word"].Value.ToUpperInvariant(), null) : null;
    }

    private static TaskDraft Text(string question, string answer, string? original) =>
        TaskDraft.Text(question, answer, [Invariant($"{answer}{answer[^1]}"), .. original is null || original == answer ? [] : new[] { original }]);

    [GeneratedRegex("""^(?:please )?(?:(?:reverse|invert)(?: the)?(?: word| string| text)? ["']?(?<word>\w+)["']?|(?:spell|write|say) ["']?(?<word>\w+)["']? backwards?|what is ["']?(?<word>\w+)["']? (?:backwards?|reversed|spelled backwards?))$""", RegexOptions.IgnoreCase)]
    private static partial Regex Backwards();

    [GeneratedRegex("""^how many (?:times does )?(?:the )?(?:letters? )?["']?(?<letter>[a-z])["']?(?:'?s)? (?:are (?:there )?|occurs? |appears? |is |does )?(?:in|has)(?: the)?(?: word)? ["']?(?<word>\w+)["']?(?: have| contain)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Letter();

    [GeneratedRegex("""^how many (?:letters|characters) (?:are (?:there )?in|in|does|has)(?: the)?(?: word)? ["']?(?<word>\w+)["']?(?: have| contain)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Length();

    [GeneratedRegex("""^(?:write|put|convert|turn) ["']?(?<word>\w+)["']? (?:in|into|to) (?:upper ?case|capitals|capital letters)$""", RegexOptions.IgnoreCase)]
    private static partial Regex Capitals();
}
