using System.Net;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads what concerns a process as a part of a cluster.</summary>
internal static class ClusterReader
{
    private const string MembershipMember = "membership";
    private const string ClusterMember = "cluster";

    /// <summary>There is one engine, which a file may name.</summary>
    public static void CheckEngine(SectionReader root)
    {
        const string Member = "engine";
        switch (root.Text(Member))
        {
            case null or "orleans":
                break;
            case "in-process":
                root.Fail(Member, "is 'in-process', which there is no longer: leave it out. One process alone needs nothing else, and what its tenants learned is rebuilt from the journal.");
                break;
            case var other:
                root.Fail(Member, $"is '{other}', which does not exist; it must be orleans, or be left out.");
                break;
        }
    }

    public static NodeRole ReadRole(SectionReader root) =>
        root.Choice("role", "all", "all", "gateway", "silo") switch
        {
            "gateway" => NodeRole.Gateway,
            "silo" => NodeRole.Silo,
            _ => NodeRole.All,
        };

    public static ClusterSettings Read(SectionReader root, SettingsContext context)
    {
        var cluster = root.Child(ClusterMember);
        var standard = new ClusterSettings();
        var settings = new ClusterSettings
        {
            ClusterId = cluster.Text("clusterId", 100) ?? standard.ClusterId,
            ServiceId = cluster.Text("serviceId", 100) ?? standard.ServiceId,
            Membership = cluster.Choice(MembershipMember, "localhost", "localhost", "postgres") == "postgres"
                ? ClusterMembership.Postgres
                : ClusterMembership.Localhost,
            SiloPort = (int?)cluster.Integer("siloPort", 1, 65535) ?? standard.SiloPort,
            GatewayPort = (int?)cluster.Integer("gatewayPort", 0, 65535) ?? standard.GatewayPort,
            AdvertisedAddress = ReadAddress(cluster, context),
            StreamProvider = ReadStreamProvider(cluster, context),
        };
        cluster.RefuseUnknown();
        return settings;
    }

    /// <summary>What is sound by itself may still not go together.</summary>
    public static void Check(SectionReader root, MetaLlmSettings settings)
    {
        if (settings.Cluster is { Membership: ClusterMembership.Localhost, GatewayPort: 0 })
        {
            root.Child(ClusterMember).Fail("gatewayPort", "is 0, which only membership postgres allows; it must be a whole number from 1 to 65535.");
        }
        else if (settings.Cluster.Membership == ClusterMembership.Postgres && settings.Storage.Kind != StorageKind.Postgres)
        {
            root.Child(ClusterMember).Fail(
                MembershipMember, "is postgres, but storage.kind is sqlite; silos that find each other must share a postgres storage.");
        }
    }

    private static string? ReadStreamProvider(SectionReader cluster, SettingsContext context)
    {
        var named = cluster.Text("streamProvider", 100);
        if (named is not null && context.StreamProviders is { } known && !known.Contains(named, StringComparer.Ordinal))
        {
            cluster.Fail("streamProvider", $"is '{named}', which does not exist; it must be {string.Join(" or ", known)}, or be left out.");
        }

        return named;
    }

    private static IPAddress? ReadAddress(SectionReader cluster, SettingsContext context)
    {
        const string Plain = "advertisedAddress";
        const string ByVariable = "advertisedAddressEnvironment";
        var text = cluster.Text(Plain);
        var member = Plain;
        if (cluster.Text(ByVariable) is { } variable)
        {
            if (text is not null)
            {
                cluster.Fail(ByVariable, $"is given beside {Plain}; only one of them may be.");
            }

            member = ByVariable;
            text = context.Variable(variable)?.Trim();
            if (string.IsNullOrEmpty(text))
            {
                cluster.Fail(member, $"names the environment variable '{variable}', which is not set; it must hold an IP address.");
                return null;
            }
        }

        if (text is null)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
        {
            return address;
        }

        cluster.Fail(member, $"gives '{text}'; it must be the IP address under which other processes reach this one.");
        return null;
    }
}
