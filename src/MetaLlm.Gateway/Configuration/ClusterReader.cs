using System.Net;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads what concerns a process as a part of a cluster.</summary>
internal static class ClusterReader
{
    private const string RoleMember = "role";
    private const string MembershipMember = "membership";
    private const string ClusterMember = "cluster";

    /// <summary>The engine to run: the one that is named, else the first that this build has.</summary>
    public static string ReadEngine(SectionReader root, SettingsContext context)
    {
        var named = root.Text("engine");
        if (named is null || context.Engines.Contains(named, StringComparer.Ordinal))
        {
            return named ?? context.Engines[0];
        }

        var problem = SettingsContext.KnownEngines.Contains(named, StringComparer.Ordinal)
            ? "which this build does not contain, because the package feed it was built from lacks the packages; it has"
            : "which does not exist; this build has";
        root.Fail("engine", $"is '{named}', {problem} {string.Join(", ", context.Engines)}.");
        return context.Engines[0];
    }

    public static NodeRole ReadRole(SectionReader root) =>
        root.Choice(RoleMember, "all", "all", "gateway", "silo") switch
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
    public static void Check(SectionReader root, MetaLlmSettings settings, SettingsContext context)
    {
        if (!context.ClusteredEngines.Contains(settings.Engine, StringComparer.Ordinal))
        {
            // Nobody who asked for a cluster may get a lone process without being told.
            foreach (var member in new[] { RoleMember, ClusterMember }.Where(root.Has))
            {
                root.Fail(member, $"is given, but the engine is {settings.Engine}, which knows no cluster.");
            }
        }
        else if (settings.Cluster is { Membership: ClusterMembership.Localhost, GatewayPort: 0 })
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
