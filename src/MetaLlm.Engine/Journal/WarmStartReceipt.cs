namespace MetaLlm.Engine.Journal;

/// <summary>What became of a warm start, or of a quiz.</summary>
/// <param name="Rows">Rows that the policy now rests on; of a quiz, those of all of the arm's quizzes.</param>
/// <param name="Duplicate">Whether it rested on this very set or quiz already; then nothing changed.</param>
/// <param name="Sequence">The event's sequence; null when it is a duplicate.</param>
[GenerateSerializer, Immutable, Alias("metallm.warm-start-receipt")]
public sealed record WarmStartReceipt(
    [property: Id(0)] int Rows,
    [property: Id(1)] bool Duplicate,
    [property: Id(2)] long? Sequence);
