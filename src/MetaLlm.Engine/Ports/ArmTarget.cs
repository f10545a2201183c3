using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>What stands behind an arm.</summary>
/// <param name="Endpoint">The upstream.</param>
/// <param name="Model">The upstream's name of the model.</param>
/// <param name="Prices">Live prices.</param>
public sealed record ArmTarget(UpstreamEndpoint Endpoint, string Model, TokenPrices Prices)
{
    /// <summary>What calls of it need to know.</summary>
    public CallOptions Options { get; init; } = CallOptions.None;

    /// <summary>Every price with the moment from which it holds, in order; empty where prices have no dates.</summary>
    public IReadOnlyList<DatedPrices> PriceList { get; init; } = [];

    /// <summary>The deployments that serve it, at least two, in place of <see cref="Endpoint"/>, which is that of the first; empty where there is one only.</summary>
    public IReadOnlyList<ArmDeployment> Deployments { get; init; } = [];

    /// <summary>What every call of it has beyond the request; null for nothing.</summary>
    public CallOverhead? Overhead { get; init; }

    /// <summary>What is retrieved before it is called; null for nothing.</summary>
    public ArmRetrieval? Retrieval { get; init; }

    /// <summary>Name and own key of a deployment, by which its circuit breaker is told from others of the same model at the same upstream; null without deployments. Never printed.</summary>
    internal (string Name, string? Key)? Lane { get; init; }

    /// <summary>Whether its prices are not those of an arm of the policy, so that whoever records a call cannot know them.</summary>
    internal bool HasOwnPrices { get; init; }

    /// <summary>Whether it adds text to prompts, which requests without messages have no place for.</summary>
    public bool AddsText => Retrieval is not null || !Options.SystemPrompt.IsEmpty;

    /// <summary>The prices at a moment.</summary>
    /// <param name="at">The moment.</param>
    public TokenPrices PricesAt(DateTimeOffset at) => PriceList.LastOrDefault(dated => dated.From <= at)?.Prices ?? Prices;

    /// <summary>What a call costs that is made now, where that must not depend on when it is recorded.</summary>
    /// <param name="usage">Tokens of the call.</param>
    /// <returns>USD; null where those in force when it is recorded count.</returns>
    internal double? Fixed(in TokenUsage usage) => PriceList.Count > 0 || HasOwnPrices ? Prices.Cost(usage) : null;
}
