using System.Globalization;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.TestingHost;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>Makes silos as hosts do: journal, snapshots and membership in PostgreSQL. The testing host creates it by its type.</summary>
public sealed class SiloConfigurator : ISiloConfigurator
{
    public void Configure(ISiloBuilder siloBuilder)
    {
        var setup = ClusterSetup.Of(siloBuilder.Configuration);
        var port = Port(siloBuilder, "SiloPort");
        var role = setup.Roles[port] = SiloRole.Create(setup.Database);
        siloBuilder.UseMetaLlmCluster(setup.Membership(siloBuilder.Configuration, port, Port(siloBuilder, "GatewayPort"), role.ConnectionString));
        siloBuilder.AddMetaLlmSnapshots(SnapshotStorage.Database, role.ConnectionString);
        siloBuilder.Services.AddMetaLlmPostgres(store =>
            (store.ConnectionString, store.Writers, store.ReadPoolSize, store.ClockTolerance) = (role.ConnectionString, 2, 8, TimeSpan.FromHours(2)));
        siloBuilder.Services.AddKeyedSingleton<IEmbedder>(LocalServices.Key, new FixedEmbedder());
        siloBuilder.Services.AddKeyedSingleton<IChatProvider>(LocalServices.Key, new NoProvider());
        siloBuilder.Services.AddKeyedSingleton<TimeProvider>(LocalServices.Key, new SkewedClock(setup.NextSkew()));
        siloBuilder.Services.AddKeyedSingleton<IStreamProvider>(
            ClusterSetup.BrokenStreams, (_, _) => throw new InvalidOperationException("The stream provider cannot be made."));
        siloBuilder.AddMetaLlm(setup.Engine, tenants => (tenants.CheckpointEvery, tenants.ReplayPageSize) = (20, 16));
    }

    private static int Port(ISiloBuilder silo, string name) =>
        int.Parse(silo.Configuration[$"Orleans:Endpoints:{name}"]!, CultureInfo.InvariantCulture);

    private sealed class NoProvider : IChatProvider
    {
        public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken) =>
            throw new NotSupportedException("These tests call no model.");
    }
}
