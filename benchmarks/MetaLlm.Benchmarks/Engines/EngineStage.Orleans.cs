using System.Net;
using System.Net.Sockets;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks.Engines;

// Compiled only where the package feed served Orleans (see the project file).
internal sealed partial class EngineStage
{
    static partial void AddOrleans(Dictionary<string, Action<IHostApplicationBuilder, Action<TenantRuntimeOptions>>> setups) =>
        setups["orleans"] = (builder, tenants) => builder.UseOrleans(silo => silo
            .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = FreePort(), GatewayPort = FreePort() })
            .AddMetaLlmSnapshots(SnapshotStorage.Memory)
            .AddMetaLlm(configureTenants: tenants));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
