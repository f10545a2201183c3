using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;

namespace MetaLlm.Host;

/// <summary>Makes the process a silo, or a client of silos elsewhere, as the settings say.</summary>
internal static class OrleansSetup
{
    public static void Add(WebApplicationBuilder builder, HostSettings settings)
    {
        if (settings.Storage.Kind == StorageKind.Postgres)
        {
            // Orleans makes connections of its own.
            settings.Cluster.Options.ConnectionString = PostgresSessions.Limit(settings.Storage.Postgres);
        }

        var spans = HostTelemetry.ExportsTraces(builder.Configuration);
        if (settings.Role == NodeRole.Gateway)
        {
            builder.Services.AddMetaLlmClient(client => client.UseMetaLlmCluster(settings.Cluster.Options), spans);
            return;
        }

        StoreSetup.Add(builder.Services, settings.Storage);
        builder.Host.UseOrleans(silo => AddSilo(silo, settings, spans));
    }

    private static void AddSilo(ISiloBuilder silo, HostSettings settings, bool spans)
    {
        silo.UseMetaLlmCluster(settings.Cluster.Options);
        if (settings.Storage.Kind == StorageKind.Postgres)
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Postgres, settings.Cluster.Options.ConnectionString);
        }
        else
        {
            silo.AddMetaLlmSnapshots(SnapshotStorage.Sqlite);
        }

        settings.Runtime.Silo.StreamProvider = settings.Cluster.StreamProvider ?? settings.Runtime.Silo.StreamProvider;
        settings.Runtime.Silo.PropagateSpans = spans;
        silo.AddMetaLlm(settings.Runtime.Silo.CopyTo, settings.Runtime.Tenants.CopyTo);
    }
}
