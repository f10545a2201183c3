namespace MetaLlm.Simulator.Models;

/// <summary>List price in USD per million tokens.</summary>
/// <param name="InputPerMillion">Fresh prompt tokens.</param>
/// <param name="CachedInputPerMillion">Cached prompt tokens.</param>
/// <param name="OutputPerMillion">Completion tokens.</param>
public sealed record ModelPrice(decimal InputPerMillion, decimal CachedInputPerMillion, decimal OutputPerMillion)
{
    private const decimal Million = 1_000_000m;

    /// <summary>What the tokens cost in USD, exact.</summary>
    public decimal CostOf(TokenUsage usage) =>
        (((usage.PromptTokens - usage.CachedTokens) * InputPerMillion)
        + (usage.CachedTokens * CachedInputPerMillion)
        + (usage.CompletionTokens * OutputPerMillion)) / Million;
}
