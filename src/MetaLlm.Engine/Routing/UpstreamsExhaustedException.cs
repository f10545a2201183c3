using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Every arm that was tried failed before the client saw anything. The decision is settled as failed.</summary>
/// <param name="decisionId">The decision.</param>
/// <param name="attempts">Arms that were tried, in order, with what went wrong.</param>
/// <param name="last">The last failure.</param>
public sealed class UpstreamsExhaustedException(
    string decisionId, IReadOnlyList<KeyValuePair<string, ChatFailure>> attempts, ChatProviderException last)
    : Exception("No model answered: " + string.Join(", ", attempts.Select(a => $"{a.Key}: {a.Value}")) + ". " + last.Message, last)
{
    /// <summary>The decision.</summary>
    public string DecisionId { get; } = decisionId;

    /// <summary>Arms that were tried, in order, with what went wrong.</summary>
    public IReadOnlyList<KeyValuePair<string, ChatFailure>> Attempts { get; } = attempts;

    /// <summary>The last failure.</summary>
    public ChatProviderException Last { get; } = last;

    /// <summary>What the first model said against the request, where every model that was asked did; null otherwise.</summary>
    public UpstreamObjection? Objection { get; init; }

    /// <summary>How long until a model that may serve the request can be called again; null when one can at once.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether every model that was asked wants fewer requests (status 429).</summary>
    public bool AllRateLimited { get; init; }
}
