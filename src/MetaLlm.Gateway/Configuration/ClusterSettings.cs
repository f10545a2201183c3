using System.Net;

namespace MetaLlm.Gateway.Configuration;

/// <summary>The cluster that this process is a part of.</summary>
public sealed record ClusterSettings
{
    /// <summary>Name of the deployment: processes with another one are strangers.</summary>
    public string ClusterId { get; init; } = "metallm";

    /// <summary>Name of the service: it is part of the keys of stored snapshots, so that it must outlive deployments.</summary>
    public string ServiceId { get; init; } = "metallm";

    /// <summary>How silos find each other.</summary>
    public ClusterMembership Membership { get; init; }

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for gateways without a silo; 0 for none.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Address under which other processes reach this silo; null for loopback.</summary>
    public IPAddress? AdvertisedAddress { get; init; }

    /// <summary>Name of the stream provider that carries rewards; null for the engine's own.</summary>
    public string? StreamProvider { get; init; }
}
