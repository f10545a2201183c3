using MetaLlm.Engine.Orleans.Hosting;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Makes silos and clients members of a cluster.</summary>
public static class MetaLlmClusteringExtensions
{
    internal const string PostgresInvariant = "Npgsql";

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

        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (PostgresInvariant, options.ConnectionString));
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

        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        return client.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (PostgresInvariant, options.ConnectionString));
    }
}
