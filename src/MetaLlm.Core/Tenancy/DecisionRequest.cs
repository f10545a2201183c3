using MetaLlm.Core.Conversations;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>A request for a decision: the query and the caller's conditions. Besides it and the time, a decision depends on the tenant's state alone.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision-request")]
public sealed record DecisionRequest
{
    /// <summary>The query. Whoever routes a text fills in its embedding.</summary>
    [Id(0)]
    public required QueryFeatures Features { get; init; }

    /// <summary>The caller's weights.</summary>
    [Id(1)]
    public PreferenceWeights Preferences { get; init; } = PreferenceWeights.Neutral;

    /// <summary>An arm that the caller named; no other is considered. Null to route.</summary>
    [Id(2)]
    public string? PinnedArm { get; init; }

    /// <summary>The only arms that the caller admits; null admits all.</summary>
    [Id(3)]
    public IReadOnlyCollection<string>? AllowedArms { get; init; }

    /// <summary>Arms that are not to be tried now because they fail; null for none.</summary>
    [Id(4)]
    public IReadOnlyCollection<string>? UnhealthyArms { get; init; }

    /// <summary>What the model must be able to do (see <see cref="Arms.Arm.Capabilities"/>); null for nothing special.</summary>
    [Id(5)]
    public IReadOnlyCollection<string>? RequiredCapabilities { get; init; }

    /// <summary>Most that this request may cost, USD, by prediction; null for no cap.</summary>
    [Id(6)]
    public double? MaxCostUsd { get; init; }

    /// <summary>Who makes the call; kept with the decision, which does not depend on it.</summary>
    [Id(7)]
    public DecisionOrigin Origin { get; init; }

    /// <summary>Most prompt tokens that the request can count as, at least 0; 0 when nothing better is known than the features' estimate.</summary>
    [Id(8)]
    public double InputTokensBound { get; init; }

    /// <summary>Most completion tokens of one choice that the caller admits, above 0; null without a limit.</summary>
    [Id(9)]
    public double? MaxOutputTokens { get; init; }

    /// <summary>Answers that the caller wants of one call (<c>n</c>), at least 1.</summary>
    [Id(10)]
    public int Choices { get; init; } = 1;

    /// <summary>Hash of the end user who asks; 0 when unknown. It bounds what one user's feedback can do (<see cref="TenantConfiguration.MaxWeightPerUser"/>).</summary>
    [Id(11)]
    public ulong User { get; init; }

    /// <summary>Id of the API key that the request came with, for reports by key; null for none. The decision does not depend on it.</summary>
    [Id(12)]
    public string? Key { get; init; }

    /// <summary>
    /// Models that are no arms of the policy, in the order of preference among equal prices; at least one. Given, the decision is the cheapest of them that the tenant can afford, the
    /// features are not looked at, and nothing is learned from it. Null to have the policy choose among its arms.
    /// </summary>
    [Id(13)]
    public IReadOnlyList<PricedCandidate>? Candidates { get; init; }

    /// <summary>The conversation that the request is a turn of; null to decide for itself, as for every tenant without <see cref="TenantConfiguration.Conversations"/>.</summary>
    [Id(14)]
    public ConversationTurn? Conversation { get; init; }

    /// <summary>Hash of what is to be treated alike by a canary, such as the end user or the conversation; 0 where each request may be treated otherwise.</summary>
    [Id(15)]
    public ulong Unit { get; init; }
}
