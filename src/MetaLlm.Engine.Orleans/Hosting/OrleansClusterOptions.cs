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
    [JsonIgnore]
    public ClusterMembership Membership { get; set; }

    /// <summary>ADO.NET's name of the client of the membership table's database, whose assembly must be there.</summary>
    /// <value>Default <c>Npgsql</c>, which is PostgreSQL's.</value>
    [JsonIgnore]
    public string Invariant { get; set; } = MetaLlmClusteringExtensions.PostgresInvariant;

    /// <summary>Connection string of the membership table; never logged.</summary>
    /// <value>Needed for <see cref="ClusterMembership.Database"/>.</value>
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

    /// <summary>Time between two probes of a silo by another one, and the time within which the answer must come.</summary>
    /// <value>
    /// Default 800 milliseconds; 200 milliseconds to 30 seconds. A silo that does not answer and from which nothing else comes is voted out after <see cref="MissedProbes"/> and
    /// one more of them; every silo of a cluster must say the same.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:30")]
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>Probes in a row that a silo must miss before another one votes it out.</summary>
    /// <value>Default 3; 1 to 20.</value>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Votes that a silo is declared dead by.</summary>
    /// <value>Default 2; 1 to 10. Half of the silos that are left suffice, so that of two silos one may declare the other dead.</value>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 2;

    /// <summary>Whether silos with many tenants in memory hand some over to those with few, such as one that has just joined.</summary>
    /// <value>Default true. It is for <see cref="ClusterMembership.Database"/> alone, and takes in every other grain of the silo that is not <c>[Immovable]</c>.</value>
    public bool Rebalance { get; set; } = true;

    /// <summary>Encryption between silos, and between silos and gateways, each of which shows who it is.</summary>
    /// <value>Default null: neither. All members of a cluster have it, or none. It is for <see cref="ClusterMembership.Database"/> alone.</value>
    public ClusterTlsOptions? Tls { get; set; }

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
        if (Membership == ClusterMembership.Database && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return new("is empty; membership in a database needs one.", [nameof(ConnectionString)]);
        }

        if (Membership == ClusterMembership.Localhost && Tls is not null)
        {
            yield return new("is given, which membership localhost does not allow: on the loopback address there is one silo.", [nameof(Tls)]);
        }

        if (Tls is not null && PeerCertificates.Problem(Tls) is { } problem)
        {
            yield return new($"cannot be used: {problem}", [nameof(Tls)]);
        }

        if (Membership == ClusterMembership.Localhost && GatewayPort == 0)
        {
            yield return new("is 0, which membership localhost does not allow; it must be a whole number from 1 to 65535.", [nameof(GatewayPort)]);
        }
    }
}
