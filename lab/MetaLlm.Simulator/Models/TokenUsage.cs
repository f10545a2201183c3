namespace MetaLlm.Simulator.Models;

/// <summary>Tokens of one completion.</summary>
/// <param name="PromptTokens">Tokens of the request, cached ones included.</param>
/// <param name="CachedTokens">The part of <paramref name="PromptTokens"/> billed at the cached price.</param>
/// <param name="CompletionTokens">Tokens of the reply.</param>
public readonly record struct TokenUsage(int PromptTokens, int CachedTokens, int CompletionTokens)
{
    /// <summary>Prompt and completion together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}
