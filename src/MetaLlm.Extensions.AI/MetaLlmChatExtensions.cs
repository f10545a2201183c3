using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI;

/// <summary>Asks of routing, and tells how a request was routed.</summary>
public static class MetaLlmChatExtensions
{
    /// <summary>Sets what a request asks of routing.</summary>
    /// <param name="options">The request's options, which are changed.</param>
    /// <param name="wishes">What it asks for; they replace earlier ones.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRouting(this ChatOptions options, RoutingWishes wishes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wishes);
        (options.AdditionalProperties ??= [])[MetaLlmProperties.Wishes] = wishes;
        return options;
    }

    /// <summary>How the request of a response was routed; of several calls, as when functions were invoked in between, the last.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The decision; null where the response did not come by way of MetaLlm.</returns>
    public static RoutingDecision? GetRoutingDecision(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Read(response.AdditionalProperties)
            ?? response.Messages.Reverse().Select(message => Read(message.AdditionalProperties)).FirstOrDefault(decision => decision is not null);
    }

    /// <summary>How the request of an update was routed. Each first update of a call says so.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The decision; null where the update does not say.</returns>
    public static RoutingDecision? GetRoutingDecision(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    internal static RoutingDecision? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(MetaLlmProperties.DecisionId, out string? id) && properties.TryGetValue(MetaLlmProperties.Model, out string? model)
            && properties.TryGetValue(MetaLlmProperties.Policy, out string? policy) && properties.TryGetValue(MetaLlmProperties.Attempts, out int attempts)
            ? new RoutingDecision(id, model, policy, properties.TryGetValue(MetaLlmProperties.Propensity, out double propensity) ? propensity : null, attempts)
            : null;
}
