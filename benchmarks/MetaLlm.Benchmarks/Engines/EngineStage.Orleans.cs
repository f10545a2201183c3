using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Tenants;
using MetaLlm.Host;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks.Engines;

internal sealed partial class EngineStage
{
    static partial void AddOrleans(Dictionary<string, Action<IHostApplicationBuilder, Action<TenantRuntimeOptions>>> setups) =>
        setups["orleans"] = (builder, tenants) =>
        {
            var ports = FreePorts.Find(2);
            builder.UseOrleans(silo => silo
                .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = ports[0], GatewayPort = ports[1] })
                .AddMetaLlmSnapshots(SnapshotStorage.Memory)
                .AddMetaLlm(configureTenants: tenants));
        };
}
