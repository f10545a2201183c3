using System.Net;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage.Postgres;
using ClusterMembership = MetaLlm.Gateway.Configuration.ClusterMembership;

namespace MetaLlm.Host;

/// <summary>Makes the process a silo, or a client of silos elsewhere, as the settings say.</summary>
internal static class OrleansSetup
{
    public static void Add(WebApplicationBuilder builder, MetaLlmSettings settings)
    {
        var cluster = Cluster(settings);
        if (settings.Role == NodeRole.Gateway)
        {
            builder.Services.AddMetaLlmClient(client => client.UseMetaLlmCluster(cluster));
            return;
        }

        StoreSetup.Add(builder.Services, settings.Storage);
        builder.Host.UseOrleans(silo => AddSilo(silo, cluster, settings));
    }

    private static void AddSilo(ISiloBuilder silo, OrleansClusterOptions cluster, MetaLlmSettings settings)
    {
        silo.UseMetaLlmCluster(cluster);
        var storage = settings.Storage;
        if (storage.Kind == StorageKind.Postgres)
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Postgres, cluster.ConnectionString);
        }
        else
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Sqlite, $"Data Source={storage.Path}");
        }

        silo.AddMetaLlm(o => o.StreamProvider = settings.Cluster.StreamProvider ?? o.StreamProvider);
    }

    private static OrleansClusterOptions Cluster(MetaLlmSettings settings) => new()
    {
        ClusterId = settings.Cluster.ClusterId,
        ServiceId = settings.Cluster.ServiceId,
        Membership = settings.Cluster.Membership == ClusterMembership.Postgres
            ? Engine.Orleans.Hosting.ClusterMembership.Postgres
            : Engine.Orleans.Hosting.ClusterMembership.Localhost,
        ConnectionString = settings.Storage.ConnectionString is { } database
            ? PostgresSessions.Limit(new PostgresOptions { ConnectionString = database })
            : null,
        SiloPort = settings.Cluster.SiloPort,
        GatewayPort = settings.Cluster.GatewayPort,
        AdvertisedAddress = settings.Cluster.AdvertisedAddress ?? IPAddress.Loopback,
    };
}
