namespace MetaLlm.Simulator.Tasks;

/// <summary>What a generator proposes; the catalogue adds the identifier and the difficulty, and drops duplicates.</summary>
internal sealed record TaskDraft(string Prompt, string Answer, AnswerKind Kind, IReadOnlyList<string> WrongAnswers)
{
    public IReadOnlyList<string> Choices { get; init; } = [];

    public static TaskDraft Number(string prompt, decimal answer, SeededRandom random) =>
        new(prompt, WrongNumbers.Format(answer), AnswerKind.Number, WrongNumbers.Near(answer, random));

    public static TaskDraft Choice(string prompt, string answer, IReadOnlyList<string> choices) =>
        new(prompt, answer, AnswerKind.Choice, [.. choices.Where(choice => choice != answer)]) { Choices = choices };

    public static TaskDraft Text(string prompt, string answer, IReadOnlyList<string> wrong) =>
        new(prompt, answer, AnswerKind.Text, wrong);

    public static TaskDraft List<T>(string prompt, IEnumerable<T> answer, params IEnumerable<T>[] wrong) =>
        new(prompt, Join(answer), AnswerKind.List, [.. wrong.Select(Join)]);

    /// <summary>The task, without the slips that happen to be right (a palindrome reversed, say).</summary>
    /// <exception cref="InvalidOperationException">No wrong answer is left.</exception>
    public SimTask ToTask(string id, SimTaskType type, double difficulty)
    {
        string[] wrong = [.. WrongAnswers.Where(answer => !AnswerChecker.Matches(Kind, Answer, answer)).Distinct(StringComparer.Ordinal)];
        return new SimTask
        {
            Id = id,
            Type = type,
            Prompt = Prompt,
            Answer = Answer,
            Kind = Kind,
            Choices = Choices,
            WrongAnswers = wrong.Length > 0 ? wrong : throw new InvalidOperationException($"No wrong answer was found for the query '{Prompt}'."),
            Difficulty = difficulty,
        };
    }

    private static string Join<T>(IEnumerable<T> items) =>
        string.Join(", ", items.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)));
}
