using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Which cluster a silo or client belongs to, and where it is reached.</summary>
public sealed class OrleansClusterOptions : IValidatableObject
{
    /// <summary>Name of the cluster; silos of one name form one cluster.</summary>
    /// <value>Default <c>metallm</c>; not empty.</value>
    [Required, StringLength(100)]
    public string ClusterId { get; set; } = "metallm";

    /// <summary>Name of the service; stored snapshots belong to it and outlive any cluster.</summary>
    /// <value>Default <c>metallm</c>; not empty.</value>
    [Required, StringLength(100)]
    public string ServiceId { get; set; } = "metallm";

    /// <summary>How silos find each other.</summary>
    /// <value>Default <see cref="ClusterMembership.Localhost"/>.</value>
    public ClusterMembership Membership { get; set; }

    /// <summary>Connection string of the membership table; never logged.</summary>
    /// <value>Needed for <see cref="ClusterMembership.Postgres"/>.</value>
    [JsonIgnore]
    public string? ConnectionString { get; set; }

    /// <summary>Port for other silos.</summary>
    /// <value>Default 11,111; 1 to 65,535.</value>
    [Range(1, IPEndPoint.MaxPort)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients.</summary>
    /// <value>Default 30,000; 0 to 65,535. 0 is for no clients, and not legal with <see cref="ClusterMembership.Localhost"/>.</value>
    [Range(0, IPEndPoint.MaxPort)]
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
        if (SettingsShape.Of(typeof(OrleansClusterOptions)).Problems(this).ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException("The cluster options are invalid: " + string.Join(" ", problems));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Membership == ClusterMembership.Postgres && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return new("is empty; membership postgres needs one.", [nameof(ConnectionString)]);
        }

        if (Membership == ClusterMembership.Localhost && GatewayPort == 0)
        {
            yield return new("is 0, which only membership postgres allows; it must be a whole number from 1 to 65535.", [nameof(GatewayPort)]);
        }
    }
}
