using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>A model of a world of sessions.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Usd">What its tokens cost.</param>
/// <param name="Cache">How its provider caches prompts; null where it does not.</param>
/// <param name="Success">Mean share of questions that it answers well, by topic.</param>
internal sealed record SessionModel(string Id, TokenPrices Usd, PromptCache? Cache, double[] Success)
{
    /// <summary>The model as a tenant's arm.</summary>
    /// <param name="outputTokens">Tokens of an answer to expect.</param>
    /// <param name="knowsCaches">Whether the tenant knows that prompts are cached; otherwise it goes by list prices.</param>
    public Arm ToArm(double outputTokens, bool knowsCaches) => new()
    {
        Id = Id,
        Prices = knowsCaches ? Usd : Usd with { CachedInput = Usd.Input },
        PromptCache = knowsCaches ? Cache : null,
        PriorOutputTokens = outputTokens,
    };

    /// <summary>What a call costs.</summary>
    /// <param name="usage">Its tokens.</param>
    public double Cost(TokenUsage usage) =>
        Usd.Cost(usage) + (Cache is { WritePrice: > 0 } cache ? (usage.Input - usage.CachedInput) * (cache.WritePrice - Usd.Input) : 0);

    /// <summary>What it would cost by list prices, without caches.</summary>
    /// <param name="usage">Its tokens.</param>
    public double ListCost(TokenUsage usage) => Usd.Cost(usage with { CachedInput = 0 });
}
