namespace MetaLlm.Simulator.Checking;

/// <summary>One of a few legal answers, as a whole word; "not X" does not name X.</summary>
internal static class ChoiceAnswer
{
    public static string? Read(FinalPart part, IReadOnlyList<string> choices)
    {
        var words = part.Text.Split([' ', ',', '.', ';', ':', '!', '?', '"', '\'', '(', ')', '[', ']', '\n', '\r', '\t', '*', '\u201C', '\u201D'], StringSplitOptions.RemoveEmptyEntries);

        // "Yes, because ..." and "Positive." answer at once and explain after.
        if (words.Length > 0 && Named(words[0], choices) is { } first)
        {
            return first;
        }

        string? found = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (Named(words[i], choices) is not { } choice || (i > 0 && words[i - 1].Equals("not", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            found = choice;
            if (part.Announced)
            {
                break;
            }
        }

        return found;
    }

    private static string? Named(string word, IReadOnlyList<string> choices) =>
        choices.FirstOrDefault(choice => choice.Equals(word, StringComparison.OrdinalIgnoreCase));
}
