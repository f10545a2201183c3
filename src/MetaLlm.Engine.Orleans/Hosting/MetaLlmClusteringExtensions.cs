using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Membership;
using Orleans.Serialization;

namespace Orleans.Hosting;

/// <summary>Makes silos and clients members of a cluster.</summary>
public static class MetaLlmClusteringExtensions
{
    internal const string PostgresInvariant = "Npgsql";

    /// <summary>
    /// Silos tell each other of changes at once; this is for those that were not told. One that was cut off from the others, or stood still, learns only from the table that they have given it up,
    /// and keeps its clients waiting until then.
    /// </summary>
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(1);

    /// <summary>A client learns from the table alone that a silo has gone.</summary>
    private static readonly TimeSpan ClientRefresh = TimeSpan.FromSeconds(0.5);

    /// <summary>After so many signs of life that did not come, a silo that starts does not wait for the silo that the entry in the table is of. Clocks of machines may differ by less.</summary>
    private const int MissedSigns = 30;

    /// <summary>Makes a silo a member.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Which cluster.</param>
    /// <returns>The same silo.</returns>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static ISiloBuilder UseMetaLlmCluster(this ISiloBuilder silo, OrleansClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        if (options.Membership == ClusterMembership.Localhost)
        {
            return silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, null, options.ServiceId, options.ClusterId);
        }

        silo.Configure<ExceptionSerializationOptions>(errors => errors.SupportedNamespacePrefixes.Add(options.Invariant));
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership => NoticeDeath(membership, options));
        silo.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<WallClockGuard>(services, TimeProvider.System));
        silo.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<DatabaseReach>(services, TimeProvider.System));
        silo.Services.AddHostedService(services => services.GetRequiredService<DatabaseReach>());
        silo.Services.AddPlacementDirector<RandomPlacement, ReachablePlacementDirector>();
        if (options.Rebalance)
        {
            silo.Configure<ActivationRebalancerOptions>(Rebalance);
#pragma warning disable ORLEANSEXP002 // What it does for us is tested; were it to go, tenants would spread as they come and go.
            silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002
        }

        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (options.Invariant, options.ConnectionString));
        NumberFromTable(silo.Services, options);
        if (options.Tls is not null)
        {
            silo.UseTls(new PeerCertificates(options.Tls, TimeProvider.System).Use);
        }

        return silo.ConfigureEndpoints(options.AdvertisedAddress, options.SiloPort, options.GatewayPort, options.ListenOnAnyAddress);
    }

    /// <summary>Connects a client. Of the ports it uses the gateway's alone, and that with <see cref="ClusterMembership.Localhost"/> only.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">Which cluster.</param>
    /// <returns>The same client.</returns>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static IClientBuilder UseMetaLlmCluster(this IClientBuilder client, OrleansClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        if (options.Membership == ClusterMembership.Localhost)
        {
            return client.UseLocalhostClustering(options.GatewayPort, options.ServiceId, options.ClusterId);
        }

        client.Configure<ExceptionSerializationOptions>(errors => errors.SupportedNamespacePrefixes.Add(options.Invariant));
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = ClientRefresh);
        client.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (options.Invariant, options.ConnectionString));
        if (options.Tls is not null)
        {
            client.UseTls(new PeerCertificates(options.Tls, TimeProvider.System).Use);
        }

        client.Services.TryAddSingleton<SiloDepartures>();
        client.Services.AddSingleton<AdoNetGatewayListProvider>();
        client.Services.AddSingleton<IGatewayListProvider>(services => new WatchedGateways(
            services.GetRequiredService<AdoNetGatewayListProvider>(), services.GetRequiredService<SiloDepartures>()));
        return client;
    }

    private static void NumberFromTable(IServiceCollection services, OrleansClusterOptions options)
    {
        var byTime = services.Last(service => service.ServiceType == typeof(ILocalSiloDetails)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton<ILocalSiloDetails>(provider => ActivatorUtilities.CreateInstance<NewestSilo>(
            provider, ActivatorUtilities.CreateInstance(provider, byTime), options)));
    }

    /// <summary>A tenant that moves is saved and loaded: a difference of a few in a hundred is not worth that.</summary>
    private static void Rebalance(ActivationRebalancerOptions options)
    {
        options.AllowedEntropyDeviation = 0.02;
        options.ScaleAllowedEntropyDeviation = false;
        options.RebalancerDueTime = TimeSpan.FromSeconds(20);
        options.SessionCyclePeriod = TimeSpan.FromSeconds(10);
        options.CycleNumberWeight = 0.5;
    }

    /// <summary>
    /// Probes keep one pace: Orleans would slow them down for a process that is short of time, and so take a minute to give a frozen one up. A busy silo is
    /// told from a dead one by whatever comes from it, which counts like the answer to a probe.
    /// </summary>
    private static void NoticeDeath(ClusterMembershipOptions membership, OrleansClusterOptions options)
    {
        membership.ProbeTimeout = membership.MinProbeTimeout = membership.MaxProbeTimeout = options.ProbePeriod;
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.NumVotesForDeathDeclaration = options.DeathVotes;
        membership.TableRefreshTimeout = TableRefresh;
        membership.IAmAliveTablePublishTimeout = DatabaseReach.Period;
        membership.NumMissedTableIAmAliveLimit = MissedSigns;
    }
}
