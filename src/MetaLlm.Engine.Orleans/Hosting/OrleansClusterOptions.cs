using System.Net;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Which cluster a silo or client belongs to, and where it is reached.</summary>
public sealed class OrleansClusterOptions
{
    /// <summary>Name of the cluster; silos of one name form one cluster.</summary>
    /// <value>Default <c>metallm</c>; not empty.</value>
    public string ClusterId { get; set; } = "metallm";

    /// <summary>Name of the service; stored snapshots belong to it and outlive any cluster.</summary>
    /// <value>Default <c>metallm</c>; not empty.</value>
    public string ServiceId { get; set; } = "metallm";

    /// <summary>How silos find each other.</summary>
    /// <value>Default <see cref="ClusterMembership.Localhost"/>.</value>
    public ClusterMembership Membership { get; set; }

    /// <summary>Connection string of the membership table; never logged.</summary>
    /// <value>Needed for <see cref="ClusterMembership.Postgres"/>.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Port for other silos.</summary>
    /// <value>Default 11111; 1 to 65535.</value>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients.</summary>
    /// <value>Default 30000; 1 to 65535, or 0 for no clients (not with <see cref="ClusterMembership.Localhost"/>).</value>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Address that other silos and clients connect to.</summary>
    /// <value>Default: the loopback address.</value>
    public IPAddress AdvertisedAddress { get; set; } = IPAddress.Loopback;

    /// <summary>Whether to listen on every address of the machine rather than on the advertised one alone.</summary>
    /// <value>Default false.</value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">The message names every option that is wrong, its value and what is legal.</exception>
    public void ThrowIfInvalid()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(ClusterId))
        {
            errors.Add($"ClusterId is '{ClusterId}'; it must not be empty.");
        }

        if (string.IsNullOrWhiteSpace(ServiceId))
        {
            errors.Add($"ServiceId is '{ServiceId}'; it must not be empty.");
        }

        if (!Enum.IsDefined(Membership))
        {
            errors.Add($"Membership is {Membership}; it must be one of {string.Join(", ", Enum.GetNames<ClusterMembership>())}.");
        }

        if (Membership == ClusterMembership.Postgres && string.IsNullOrWhiteSpace(ConnectionString))
        {
            errors.Add("ConnectionString is empty; Membership Postgres needs one.");
        }

        if (SiloPort is < 1 or > IPEndPoint.MaxPort)
        {
            errors.Add($"SiloPort is {SiloPort}; it must be between 1 and {IPEndPoint.MaxPort}.");
        }

        var leastGateway = Membership == ClusterMembership.Localhost ? 1 : 0;
        if (GatewayPort < leastGateway || GatewayPort > IPEndPoint.MaxPort)
        {
            errors.Add($"GatewayPort is {GatewayPort}; it must be between {leastGateway} and {IPEndPoint.MaxPort}.");
        }

        if (AdvertisedAddress is null || AdvertisedAddress.Equals(IPAddress.Any) || AdvertisedAddress.Equals(IPAddress.IPv6Any))
        {
            errors.Add($"AdvertisedAddress is '{AdvertisedAddress}'; it must be an address that others can connect to.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException("The cluster options are invalid: " + string.Join(" ", errors));
        }
    }
}
