using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Configuration;

/// <summary>The whole configuration, checked. Immutable: a change is a new one.</summary>
public sealed record MetaLlmSettings
{
    /// <summary>Name of the section that holds it.</summary>
    public const string SectionName = "MetaLlm";

    /// <summary>Addresses to listen on.</summary>
    public required IReadOnlyList<Uri> Listen { get; init; }

    /// <summary>Name of the engine that holds tenants.</summary>
    public required string Engine { get; init; }

    /// <summary>What this process does in a cluster.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>The cluster; of no meaning for an engine without one.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary>Where data are kept.</summary>
    public required StorageSettings Storage { get; init; }

    /// <summary>The embedder.</summary>
    public required EmbeddingSettings Embeddings { get; init; }

    /// <summary>Tenant of callers without a key; null when there are none. Loopback only.</summary>
    public string? AnonymousTenant { get; init; }

    /// <summary>SHA-256 of the key that scrapers of <c>/metrics</c> send; null to serve them on loopback alone.</summary>
    public byte[]? MetricsKeyHash { get; init; }

    /// <summary>Whether upstreams are told the trace that a call belongs to (header <c>traceparent</c>). Other headers of clients never reach them.</summary>
    public bool TraceUpstreams { get; init; }

    /// <summary>SHA-256 of the key that manages tenants; null when nobody may.</summary>
    public byte[]? AdminKeyHash { get; init; }

    /// <summary>Sizes.</summary>
    public required GatewayLimits Limits { get; init; }

    /// <summary>Reroutes and circuit breakers.</summary>
    public required RoutingOptions Routing { get; init; }

    /// <summary>Upstreams by name.</summary>
    public required IReadOnlyDictionary<string, UpstreamSettings> Upstreams { get; init; }

    /// <summary>Tenants by id.</summary>
    public required IReadOnlyDictionary<string, TenantSettings> Tenants { get; init; }
}
