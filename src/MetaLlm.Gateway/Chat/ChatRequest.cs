using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Chat;

/// <summary>What was read off a chat request.</summary>
/// <param name="Query">The text that says what is wanted: that of the last user message.</param>
/// <param name="Route">What the decision is made from, but for the query's embedding.</param>
/// <param name="Stream">Whether the client wants server-sent events.</param>
/// <param name="Affinity">Hash of what the request says that its prompt shares with others; 0 for nothing.</param>
internal sealed record ChatRequest(string Query, DecisionRequest Route, bool Stream, ulong Affinity)
{
    /// <summary>Whether the client says which models may have the request: by a model's name, or by a list.</summary>
    public bool LimitsModels { get; init; }

    /// <summary>The reference answer for judges; null for none.</summary>
    public string? Expected { get; init; }
}
