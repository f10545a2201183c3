using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>What people type to try a router out: sums, units, dates, words, capitals. Each question is worked out when it is asked.</summary>
internal static partial class EverydayQuestions
{
    private const int Longest = 400;

    /// <summary>Below the easiest query of the catalogue, so that nearly every model is right.</summary>
    private const double Difficulty = 0.02;

    private static readonly IQuestionReader[] Readers =
    [
        new ArithmeticReader(), new UnitReader(), new CalendarReader(), new WordReader(), new NumberListReader(), new TranslationReader(),
        new CapitalReader(), new ReviewReader(),
    ];

    /// <summary>Questions of every kind.</summary>
    public static IEnumerable<string> Examples => Readers.SelectMany(reader => reader.Examples);

    /// <summary>Reads a question; the same text gives the same task.</summary>
    /// <returns>The task, or null when no reader understands it.</returns>
    public static SimTask? Read(string prompt)
    {
        var question = Space().Replace(prompt.Trim(), " ").Replace('’', '\'').Replace('“', '"').Replace('”', '"');
        if (question.Length is 0 or > Longest)
        {
            return null;
        }

        foreach (var reader in Readers)
        {
            if (reader.Read(question, new SeededRandom(StableHash.Of(0, "everyday", PromptText.Normalize(question)))) is { } draft)
            {
                return draft.ToTask("everyday", reader.Type, Difficulty);
            }
        }

        return null;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
