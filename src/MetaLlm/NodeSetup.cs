using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm;

/// <summary>Makes the process a silo, or a client of silos elsewhere, as the settings say.</summary>
internal static class NodeSetup
{
    public static void Add(IHostApplicationBuilder builder, NodeSettings settings)
    {
        var (storage, driver, cluster) = (settings.Storage, settings.Storage.Driver, settings.Cluster.Options);

        // Orleans makes connections of its own.
        cluster.ConnectionString = driver.MembershipConnection(storage);
        cluster.Invariant = driver.Invariant ?? cluster.Invariant;

        if (settings.Role == NodeRole.Gateway)
        {
            builder.UseOrleansClient(client => client.UseMetaLlmCluster(cluster).AddMetaLlm(settings.Runtime.Silo.PropagateSpans));
            return;
        }

        builder.Services
            .AddMetaLlmEmbeddings(settings.Embeddings.CopyTo)
            .AddMetaLlmProviders(options => options.SendTraceParent = settings.Tracing.Upstreams);
        driver.AddServices(builder.Services, storage);
        builder.Services.Configure<RetentionOptions>(settings.Retention.CopyTo);
        builder.Services.Configure<SharedLearningOptions>(settings.SharedLearning.CopyTo);
        builder.UseOrleans(silo => AddSilo(silo, settings));
    }

    private static void AddSilo(ISiloBuilder silo, NodeSettings settings)
    {
        var cluster = settings.Cluster.Options;
        silo.UseMetaLlmCluster(cluster);
        var snapshots = settings.Storage.Driver.SnapshotConnection(settings.Storage);
        silo.AddMetaLlmSnapshots(snapshots is null ? SnapshotStorage.Journal : SnapshotStorage.Database, snapshots, invariant: cluster.Invariant);
        settings.Runtime.Silo.StreamProvider = settings.Cluster.StreamProvider ?? settings.Runtime.Silo.StreamProvider;
        silo.AddMetaLlm(settings.Runtime.Silo.CopyTo, settings.Runtime.Tenants.CopyTo);
    }
}
