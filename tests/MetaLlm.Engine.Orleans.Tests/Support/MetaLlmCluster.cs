using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Storage;
using Orleans.TestingHost;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>Silos in this process, and a client if it is wanted.</summary>
public sealed class MetaLlmCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly SeverableGrainStorage _storage;

    private MetaLlmCluster(InProcessTestCluster cluster, SeverableGrainStorage storage)
    {
        _cluster = cluster;
        _storage = storage;
    }

    /// <summary>Services of the first silo.</summary>
    public IServiceProvider Silo => _cluster.Silos[0].ServiceProvider;

    /// <summary>Services of the client.</summary>
    public IServiceProvider Client => _cluster.Client.ServiceProvider;

    /// <summary>The engine of the first silo.</summary>
    public OrleansTenantEngine Engine => Silo.GetRequiredService<OrleansTenantEngine>();

    /// <summary>The silos' grains.</summary>
    public IGrainFactory Grains => Silo.GetRequiredService<IGrainFactory>();

    public static async Task<MetaLlmCluster> StartAsync(SiloSetup setup)
    {
        var storage = new SeverableGrainStorage(setup.Snapshots);
        var builder = new InProcessTestClusterBuilder(setup.Silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = setup.Client;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(setup.Journal);
            silo.Services.AddKeyedSingleton(LocalServices.Key, setup.Embedder);
            silo.Services.AddKeyedSingleton(LocalServices.Key, setup.Provider);
            silo.Services.AddKeyedSingleton<TimeProvider>(LocalServices.Key, setup.Time);
            silo.Services.AddKeyedSingleton<IGrainStorage>(OrleansEngineOptions.DefaultSnapshotStorage, storage);
            silo.AddMetaLlm(setup.Engine, setup.Tenants);
            setup.Silo?.Invoke(silo);
        });
        if (setup.Client)
        {
            builder.ConfigureClient(client => client.AddMetaLlm());
        }

        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new MetaLlmCluster(cluster, storage);
    }

    /// <summary>Every tenant leaves memory in order.</summary>
    public async Task DeactivateTenantsAsync()
    {
        foreach (var silo in _cluster.Silos)
        {
            var type = silo.ServiceProvider.GetRequiredService<GrainTypeResolver>().GetGrainType(typeof(TenantPolicyGrain));
            foreach (var tenant in await Grains.GetGrain<IManagementGrain>(0).GetActiveGrains(type))
            {
                await _cluster.DeactivateAsync(tenant);
            }
        }
    }

    /// <summary>Ends the silo that makes a client's provider call.</summary>
    /// <param name="killed">Whether it goes without a word.</param>
    public async Task EndCallersSiloAsync(bool killed)
    {
        foreach (var silo in _cluster.GetActiveSilos().ToList())
        {
            var type = silo.ServiceProvider.GetRequiredService<GrainTypeResolver>().GetGrainType(typeof(RemoteCallGrain));
            var active = await Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, [silo.SiloAddress]);
            if (active.Any(grain => grain.GrainId.Type == type))
            {
                await (killed ? _cluster.KillSiloAsync(silo) : _cluster.StopSiloAsync(silo));
                return;
            }
        }

        throw new InvalidOperationException("No silo makes a client's call.");
    }

    /// <summary>One of two silos stops in order.</summary>
    /// <param name="which">Tells by a silo's services whether it is the one.</param>
    /// <returns>Services of the other.</returns>
    public async Task<IServiceProvider> StopSiloAsync(Func<IServiceProvider, bool> which)
    {
        var (one, other) = (_cluster.Silos.Single(silo => which(silo.ServiceProvider)), _cluster.Silos.Single(silo => !which(silo.ServiceProvider)));
        await _cluster.StopSiloAsync(one);
        return other.ServiceProvider;
    }

    /// <summary>The client is gone without a word.</summary>
    public Task KillClientAsync() => _cluster.KillClientAsync();

    /// <summary>The silos are gone without a word.</summary>
    public async Task KillAsync()
    {
        _storage.Sever();
        foreach (var silo in _cluster.GetActiveSilos().ToList())
        {
            await _cluster.KillSiloAsync(silo);
        }

        await _cluster.DisposeAsync();
    }

    /// <summary>The silos stop in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
