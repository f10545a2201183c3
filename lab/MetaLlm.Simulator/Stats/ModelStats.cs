using MetaLlm.Simulator.Faults;

namespace MetaLlm.Simulator.Stats;

/// <summary>What one model has served so far.</summary>
public sealed record ModelStats
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Requests that named it, whatever became of them.</summary>
    public long Requests { get; init; }

    /// <summary>Replies sent to the end.</summary>
    public long Completed { get; init; }

    /// <summary>Prompt tokens billed, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Prompt tokens billed at the cached price.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Completion tokens billed; of a cut stream, those that were sent.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>The bill in USD, exact, at the prices of the time.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Requests struck by a fault, by kind.</summary>
    public IReadOnlyDictionary<FaultKind, long> Faults { get; init; } = new Dictionary<FaultKind, long>();
}
