using System.Collections.Concurrent;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>Silos and a client whose journal, snapshots and membership are in one PostgreSQL database.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly ClusterSetup _setup;
    private readonly ConcurrentDictionary<SiloHandle, Door> _doors = new();
    private readonly Door _client;

    private PostgresCluster(TestCluster cluster, ClusterSetup setup)
    {
        _cluster = cluster;
        _setup = setup;
        _client = new Door("client", cluster.ServiceProvider.GetRequiredService<ITenantEngine>());
    }

    /// <summary>The silos that live.</summary>
    public IReadOnlyList<SiloHandle> Silos => [.. _cluster.Silos.Where(silo => silo.IsActive)];

    /// <summary>The engine as the client sees it.</summary>
    public ITenantEngine Engine => _client.Engine;

    /// <summary>The cluster's grains as the client sees them.</summary>
    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Every open door: the client's, and each silo's own, as a gateway in the same process uses it.</summary>
    public IReadOnlyList<Door> Doors => [.. Silos.Select(DoorOf).Append(_client).Where(door => door.IsOpen)];

    private IManagementGrain Management => _cluster.Client.GetGrain<IManagementGrain>(0);

    public static Task<PostgresCluster> StartAsync(string database) => StartAsync(new ClusterSetup { Database = database });

    public static async Task<PostgresCluster> StartAsync(ClusterSetup setup)
    {
        var builder = new TestClusterBuilder(setup.Silos);
        builder.Options.ClusterId = $"cluster-{Guid.NewGuid():N}";
        builder.Options.ServiceId = "cluster-tests";
        builder.Options.ConfigureFileLogging = false;
        builder.Options.UseTestClusterMembership = false;
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        builder.AddClientBuilderConfigurator<ClientConfigurator>();
        setup.Register(builder.Options.ClusterId);
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new PostgresCluster(cluster, setup);
    }

    /// <summary>The door of a silo.</summary>
    public Door DoorOf(SiloHandle silo) => _doors.GetOrAdd(
        silo, static silo => new Door(silo.SiloAddress.ToString(), Services(silo).GetRequiredService<ITenantEngine>()));

    /// <summary>What a silo takes the time for.</summary>
    public TimeProvider ClockOf(SiloHandle silo) => Services(silo).GetRequiredKeyedService<TimeProvider>(LocalServices.Key);

    /// <summary>
    /// The silo is gone: it neither hands its tenants over nor finishes what it was about to write. Its row in the membership table is all
    /// that it still sees to, which silos in one process do in any case; processes that are killed do not even that.
    /// </summary>
    public async Task KillAsync(SiloHandle silo)
    {
        DoorOf(silo).Shut();
        await _setup.Roles[silo.SiloAddress.Endpoint.Port].CutOffAsync();
        await _cluster.KillSiloAsync(silo);
    }

    /// <summary>The silo lives, and reaches its peers but not the database.</summary>
    public Task CutFromDatabaseAsync(SiloHandle silo)
    {
        DoorOf(silo).Shut();
        return _setup.Roles[silo.SiloAddress.Endpoint.Port].CutOffAsync();
    }

    /// <summary>It reaches the database again.</summary>
    public Task ReconnectAsync(SiloHandle silo) => _setup.Roles[silo.SiloAddress.Endpoint.Port].LetInAsync();

    /// <summary>Whether a silo believes of another that it reaches the database.</summary>
    public static bool Reaches(SiloHandle silo, SiloHandle other) => Services(silo).GetRequiredService<DatabaseReach>().Has(other.SiloAddress);

    /// <summary>The silo stops in order; requests go elsewhere before.</summary>
    public async Task StopAsync(SiloHandle silo)
    {
        DoorOf(silo).Shut();
        await _cluster.StopSiloAsync(silo);
    }

    /// <summary>One more silo.</summary>
    public Task<SiloHandle> JoinAsync() => _cluster.StartAdditionalSiloAsync(startAdditionalSiloOnNewPort: true);

    /// <summary>How many of the tenants live on a silo, as the silo itself says: the grain directory's caches may be behind.</summary>
    public async Task<int> CountAsync(SiloHandle silo, IEnumerable<string> tenants)
    {
        var wanted = tenants.Select(tenant => _cluster.Client.GetGrain<ITenantPolicyGrain>(tenant).GetGrainId()).ToHashSet();
        var active = await Management.GetDetailedGrainStatistics(null, [silo.SiloAddress]);
        return active.Count(grain => wanted.Contains(grain.GrainId));
    }

    /// <summary>A tenant moves to a silo.</summary>
    public Task MoveAsync(string tenant, SiloHandle target) => Eventually.TrueAsync($"{tenant} moves to {target.Name}", async () =>
    {
        if (await CountAsync(target, [tenant]) > 0)
        {
            return true;
        }

        // Leaves where it is, if it is anywhere, and comes back where the next call wants it.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, target.SiloAddress);
        var grain = _cluster.Client.GetGrain<ITenantPolicyGrain>(tenant);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await grain.DescribeAsync(default);
        return false;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            DoorOf(silo).Shut();
        }

        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private static IServiceProvider Services(SiloHandle silo) => ((InProcessSiloHandle)silo).SiloHost.Services;
}
