namespace MetaLlm.Simulator.Faults;

/// <summary>What can go wrong with a request. On the wire: kebab case, or the HTTP status for the first three.</summary>
public enum FaultKind
{
    /// <summary>HTTP 429 with <c>Retry-After</c>.</summary>
    RateLimit,

    /// <summary>HTTP 500.</summary>
    ServerError,

    /// <summary>HTTP 503.</summary>
    Unavailable,

    /// <summary>Nothing is sent until the client goes away.</summary>
    Timeout,

    /// <summary>The reply is complete but starts late, by <see cref="FaultRule.Delay"/>.</summary>
    SlowFirstToken,

    /// <summary>The connection is closed about half-way through the reply, without its end.</summary>
    CutStream,

    /// <summary>The body is JSON that breaks off; in a stream, one event's is.</summary>
    MalformedJson,

    /// <summary>A line between two events that is no server-sent event; a reply that is not streamed gets a body of the same kind.</summary>
    GarbageLine,
}
