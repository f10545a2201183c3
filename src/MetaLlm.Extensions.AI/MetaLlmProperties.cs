using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI;

/// <summary>Names in <see cref="ChatResponse.AdditionalProperties"/> and <see cref="ChatResponseUpdate.AdditionalProperties"/> that say how a request was routed.</summary>
/// <remarks>A response that is put together from updates has them in its message, where <see cref="MetaLlmChatExtensions.GetRoutingDecision(ChatResponse)"/> looks too.</remarks>
public static class MetaLlmProperties
{
    /// <summary>Id of the decision, a <see cref="string"/>: what feedback names.</summary>
    public const string DecisionId = "metallm.decision_id";

    /// <summary>The model that answered, a <see cref="string"/>: its id among the tenant's models.</summary>
    public const string Model = "metallm.model";

    /// <summary>The policy that chose, a <see cref="string"/>.</summary>
    public const string Policy = "metallm.policy";

    /// <summary>
    /// With which probability the policy chose that model, a <see cref="double"/> above 0 and at most 1. It is missing where another model than the chosen one answered: with which
    /// probability a call falls to another, nobody knows.
    /// </summary>
    public const string Propensity = "metallm.propensity";

    /// <summary>Models that were tried, the one that answered included, an <see cref="int"/>, at least 1.</summary>
    public const string Attempts = "metallm.attempts";

    /// <summary>Name in <see cref="ChatOptions.AdditionalProperties"/> of what the caller asks of routing: a <see cref="RoutingWishes"/>.</summary>
    public const string Wishes = "metallm";
}
