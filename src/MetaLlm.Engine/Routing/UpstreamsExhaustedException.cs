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
}
