using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm;

/// <summary>Makes the process a silo, or a client of silos elsewhere, as the settings say.</summary>
internal static class NodeSetup
{
    public static void Add(IHostApplicationBuilder builder, NodeSettings settings)
    {
        if (settings.Storage.Kind == StorageKind.Postgres)
        {
            // Orleans makes connections of its own.
            settings.Cluster.Options.ConnectionString = PostgresSessions.ForMembership(settings.Storage.Postgres);
        }

        if (settings.Role == NodeRole.Gateway)
        {
            builder.UseOrleansClient(client => client.UseMetaLlmCluster(settings.Cluster.Options).AddMetaLlm(settings.Runtime.Silo.PropagateSpans));
            return;
        }

        builder.Services
            .AddMetaLlmEmbeddings(settings.Embeddings.CopyTo)
            .AddMetaLlmProviders(options => options.SendTraceParent = settings.Tracing.Upstreams);
        if (settings.Storage.Kind == StorageKind.Postgres)
        {
            builder.Services.AddMetaLlmPostgres(settings.Storage.Postgres.CopyTo);
        }
        else
        {
            builder.Services.AddMetaLlmSqlite(settings.Storage.Sqlite.CopyTo);
        }

        builder.Services.Configure<RetentionOptions>(settings.Retention.CopyTo);
        builder.UseOrleans(silo => AddSilo(silo, settings));
    }

    private static void AddSilo(ISiloBuilder silo, NodeSettings settings)
    {
        silo.UseMetaLlmCluster(settings.Cluster.Options);
        if (settings.Storage.Kind == StorageKind.Postgres)
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Postgres, PostgresSessions.ForSnapshots(settings.Storage.Postgres));
        }
        else
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Sqlite);
        }

        settings.Runtime.Silo.StreamProvider = settings.Cluster.StreamProvider ?? settings.Runtime.Silo.StreamProvider;
        silo.AddMetaLlm(settings.Runtime.Silo.CopyTo, settings.Runtime.Tenants.CopyTo);
    }
}
