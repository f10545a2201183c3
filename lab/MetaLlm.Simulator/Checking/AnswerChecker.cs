namespace MetaLlm.Simulator.Checking;

/// <summary>
/// Judges a reply by its final answer. The text after the last "answer is", "answer:" or the like is preferred; without one,
/// the last thing in the reply that has the shape of an answer counts.
/// </summary>
public static class AnswerChecker
{
    /// <summary>Whether the reply gives the task's answer.</summary>
    public static bool IsCorrect(SimTask task, string? reply)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Extract(task, reply) is { } answer && Matches(task.Kind, task.Answer, answer);
    }

    /// <summary>The final answer of a reply in canonical form, or null where it has none of the task's kind.</summary>
    public static string? Extract(SimTask task, string? reply)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (string.IsNullOrWhiteSpace(reply))
        {
            return null;
        }

        var final = FinalPart.Of(reply);
        return task.Kind switch
        {
            AnswerKind.Number => NumberAnswer.Read(final),
            AnswerKind.Date => DateAnswer.Read(final),
            AnswerKind.Choice => ChoiceAnswer.Read(final, task.Choices),
            AnswerKind.List => ListAnswer.Read(final),
            _ => TextAnswer.Read(final),
        };
    }

    /// <summary>Compares two answers in canonical form.</summary>
    internal static bool Matches(AnswerKind kind, string expected, string actual) => kind switch
    {
        AnswerKind.Number => NumberAnswer.Equal(expected, actual),
        AnswerKind.Text or AnswerKind.List => TextAnswer.Fold(expected) == TextAnswer.Fold(actual),
        _ => string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase),
    };
}
