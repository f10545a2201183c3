namespace MetaLlm.Gateway.Configuration;

/// <summary>What upstreams are told of traces.</summary>
public sealed record TracingSettings
{
    /// <summary>Whether upstreams are told the trace that a call belongs to (header <c>traceparent</c>). Other headers of clients never reach them.</summary>
    public bool Upstreams { get; init; }
}
