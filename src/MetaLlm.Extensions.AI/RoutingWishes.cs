namespace MetaLlm.Extensions.AI;

/// <summary>What a caller asks of routing, beside what its tenant's configuration says; see <see cref="MetaLlmChatExtensions.WithRouting"/>. A member that is null asks for nothing.</summary>
public sealed record RoutingWishes
{
    /// <summary>Kind of task, such as <c>summarize</c>; models are judged for each kind.</summary>
    /// <value>1 to 64 characters; null by default.</value>
    public string? Task { get; init; }

    /// <summary>Name of the conversation that the request is a turn of; without one it is recognised by its messages.</summary>
    /// <value>1 to 256 characters; null by default.</value>
    public string? Session { get; init; }

    /// <summary>Most that the call may cost, USD. The most that it can cost is compared, not what is expected.</summary>
    /// <value>Above 0, at most 1,000,000; null by default.</value>
    public double? MaxCostUsd { get; init; }

    /// <summary>The models that may answer, by their ids; at least one.</summary>
    /// <value>Null by default: all of the tenant's.</value>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Factor on what quality is worth.</summary>
    /// <value>Above 0, at most 1,000; null, which is 1, by default.</value>
    public double? Quality { get; init; }

    /// <summary>Factor on the price of money.</summary>
    /// <value>0 to 1,000; null, which is 1, by default.</value>
    public double? Cost { get; init; }

    /// <summary>Factor on the price of time.</summary>
    /// <value>0 to 1,000; null, which is 1, by default.</value>
    public double? Latency { get; init; }
}
