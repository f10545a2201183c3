using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>A model of a world of sessions.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Usd">What its tokens cost.</param>
/// <param name="Cache">How its provider caches prompts.</param>
/// <param name="Success">Probability that a turn succeeds, by <see cref="SessionKind"/>.</param>
internal sealed record SessionModel(string Id, TokenPrices Usd, PromptCache Cache, double[] Success)
{
    /// <summary>The model as a tenant's arm.</summary>
    /// <param name="outputTokens">Tokens of an answer to expect.</param>
    public Arm ToArm(double outputTokens) => new() { Id = Id, Prices = Usd, PromptCache = Cache, PriorOutputTokens = outputTokens };

    /// <summary>What a call costs.</summary>
    /// <param name="usage">Its tokens.</param>
    public double Cost(TokenUsage usage) =>
        Usd.Cost(usage) + (Cache.WritePrice > 0 ? (usage.Input - usage.CachedInput) * (Cache.WritePrice - Usd.Input) : 0);
}
