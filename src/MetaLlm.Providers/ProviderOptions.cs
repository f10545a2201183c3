namespace MetaLlm.Providers;

/// <summary>How upstreams are called.</summary>
public sealed class ProviderOptions
{
    /// <summary>Whether upstreams are told the trace that a call belongs to. <value>False unless set.</value></summary>
    /// <remarks>Only <c>traceparent</c> is sent: <c>tracestate</c> and <c>baggage</c> may hold what a client told the gateway alone.</remarks>
    public bool SendTraceParent { get; set; }
}
