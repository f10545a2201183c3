namespace MetaLlm.Simulator.Tasks;

/// <summary>One query of the catalogue with its exact answer.</summary>
public sealed record SimTask
{
    /// <summary>Stable identifier within a catalogue, such as <c>dates-0017</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of query.</summary>
    public required SimTaskType Type { get; init; }

    /// <summary>What the user asks: the text of the last user message.</summary>
    public required string Prompt { get; init; }

    /// <summary>The right answer in canonical form (invariant culture; dates as yyyy-MM-dd).</summary>
    public required string Answer { get; init; }

    /// <summary>How a reply is read and compared.</summary>
    public required AnswerKind Kind { get; init; }

    /// <summary>The legal answers of a <see cref="AnswerKind.Choice"/> task; empty for the other kinds.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Plausible wrong answers, at least one; none of them is accepted by <see cref="Checking.AnswerChecker"/>.</summary>
    public required IReadOnlyList<string> WrongAnswers { get; init; }

    /// <summary>How hard the query is, from 0 (anyone can) to 1. It follows from the query: more steps, larger numbers, indirect wording.</summary>
    public required double Difficulty { get; init; }
}
