using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>What the simulator understands of a chat completion request.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    /// <summary>Whether the log-probabilities of the answer's tokens are asked for.</summary>
    public bool LogProbabilities { get; init; }

    public int? MaxTokens { get; init; }

    public double Temperature { get; init; } = 1;

    public long? Seed { get; init; }

    /// <summary>The tool the request insists on calling; null where the model may answer in words.</summary>
    public RequiredTool? Tool { get; init; }

    /// <summary>Tokens of the tool declarations, which are part of the prompt.</summary>
    public int ToolTokens { get; init; }

    /// <summary>Whether the request has the format before chat, which answers with a text.</summary>
    public bool IsText { get; init; }

    /// <summary>Top-level fields that the API does not define; they are sent back as <c>echo</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> UnknownFields { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The text of the last user message: what is asked.</summary>
    public string Question => Messages.LastOrDefault(message => message.Role == "user")?.Text ?? Messages[^1].Text;
}
