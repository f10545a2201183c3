using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>A reply, planned in full before the first byte is sent.</summary>
internal sealed record Completion
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public required SimulatedModel Model { get; init; }

    /// <summary>The text, or the arguments where <see cref="ToolName"/> is set.</summary>
    public required string Text { get; init; }

    /// <summary>Log-probability of each of its tokens, at most 0; null where nobody asked.</summary>
    public double? LogProbability { get; init; }

    public string? ToolName { get; init; }

    /// <summary>Whether it is written in the format before chat.</summary>
    public bool IsText { get; init; }

    public required string FinishReason { get; init; }

    public required TokenUsage Usage { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Echo { get; init; }
}
