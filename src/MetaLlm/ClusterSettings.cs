using System.ComponentModel.DataAnnotations;
using System.Net;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Storage;

namespace MetaLlm;

/// <summary>The cluster that a process is a part of. All its members agree on this but for their addresses.</summary>
public sealed class ClusterSettings
{
    /// <summary>The name of a membership on this machine alone.</summary>
    internal const string Localhost = "localhost";

    /// <summary>
    /// How silos find each other: <c>localhost</c> is one silo on this machine, on the loopback address, with its clients on the same machine; the others are a table in the storage of that kind.
    /// </summary>
    [ClusterMembershipNames]
    public string Membership { get; set; } = Localhost;

    /// <summary>Which cluster, and where this process is reached.</summary>
    [Inline]
    public OrleansClusterOptions Options { get; } = new();

    /// <summary>Environment variable that holds the advertised address, instead of the address itself.</summary>
    public EnvironmentValue? AdvertisedAddressEnvironment { get; init; }

    /// <summary>Name of the stream provider that carries rewards; without one, streams in the silos' memory.</summary>
    [AllowedValues(OrleansEngineOptions.MemoryStreams)]
    public string? StreamProvider { get; init; }

    internal void Complete(StorageSettings storage, SettingsErrors errors)
    {
        Options.Membership = Membership == Localhost ? ClusterMembership.Localhost : ClusterMembership.Database;
        if (Membership != Localhost && Membership != storage.Kind)
        {
            errors.Add("membership", $"is {Membership}, but storage.kind is {storage.Kind}; silos that find each other must share a {Membership} storage.");
        }

        errors.AddContradictions(Options);
        if (AdvertisedAddressEnvironment is not { Value.Length: > 0 } variable)
        {
            return;
        }

        var address = SettingsShape.Of(typeof(OrleansClusterOptions)).Find("advertisedAddress")!;
        if (!Options.AdvertisedAddress.Equals(IPAddress.Loopback))
        {
            errors.Add("advertisedAddressEnvironment", "is given beside advertisedAddress; only one of them may be.");
        }
        else if (address.Parse(variable.Value, SecretSources.None).Value is IPAddress found)
        {
            Options.AdvertisedAddress = found;
        }
        else
        {
            errors.Add("advertisedAddressEnvironment", $"gives '{variable.Value}'; it must be the IP address under which other processes reach this one.");
        }
    }
}
