using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>An answer that a client has seen after the first one was weighed, and whose reward may come.</summary>
internal sealed record AwaitedAnswer
{
    /// <summary>Group of the first answer.</summary>
    public required string Group { get; init; }

    /// <summary>Predicted reward of the model that the client saw, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>Probability that the first answer was right, 0 to 1.</summary>
    public required double Believed { get; init; }

    /// <summary>What the first answer cost, USD.</summary>
    public required double FirstUsd { get; init; }

    /// <summary>Whether another model took over.</summary>
    public required bool IsEscalated { get; init; }

    /// <summary>What the first answer showed.</summary>
    public required AnswerSignals Signals { get; init; }

    /// <summary>Whether its reward was learned from.</summary>
    public bool IsLearned { get; init; }

    public void Write(StateWriter writer)
    {
        writer.Text(Group);
        writer.Double(Quality);
        writer.Double(Believed);
        writer.Double(FirstUsd);
        writer.Bool(IsEscalated);
        writer.Bool(IsLearned);
        Signals.Write(writer);
    }

    public static AwaitedAnswer Read(ref StateReader reader) => new()
    {
        Group = reader.Text(),
        Quality = reader.Double(),
        Believed = reader.Double(),
        FirstUsd = reader.Double(),
        IsEscalated = reader.Bool(),
        IsLearned = reader.Bool(),
        Signals = AnswerSignals.Read(ref reader),
    };
}
