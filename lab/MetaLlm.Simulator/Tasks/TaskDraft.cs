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

    private static string Join<T>(IEnumerable<T> items) =>
        string.Join(", ", items.Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)));
}
