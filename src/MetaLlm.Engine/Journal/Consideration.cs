using MetaLlm.Core.Cascades;

namespace MetaLlm.Engine.Journal;

/// <summary>An answer that is held back until the tenant's owner has said whether it leaves.</summary>
[GenerateSerializer, Immutable, Alias("metallm.consideration")]
public sealed record Consideration
{
    /// <summary>The decision, whose chosen arm gave the answer.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>What the answer shows.</summary>
    [Id(1)]
    public required AnswerSignals Signals { get; init; }

    /// <summary>What the answer is charged, and attempts before it, USD, at least 0.</summary>
    [Id(2)]
    public required double SpentUsd { get; init; }

    /// <summary>Arms that are not to be called.</summary>
    [Id(3)]
    public IReadOnlyList<string> Unavailable { get; init; } = [];
}
