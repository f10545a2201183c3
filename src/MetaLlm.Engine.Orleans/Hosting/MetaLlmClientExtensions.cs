using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Makes a process without a silo use those of a cluster.</summary>
public static class MetaLlmClientExtensions
{
    /// <summary>
    /// Adds a cluster client, and <see cref="ITenantEngine"/>, <see cref="IEmbedder"/> and <see cref="IChatProvider"/> that lead to the
    /// cluster's silos. Neither a journal nor an embedding model is needed here.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Says which cluster, for example with <see cref="MetaLlmClusteringExtensions.UseMetaLlmCluster(IClientBuilder, OrleansClusterOptions)"/>.</param>
    /// <param name="propagateSpans">Whether spans go on from callers to grains; see <see cref="OrleansEngineOptions.PropagateSpans"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmClient(this IServiceCollection services, Action<IClientBuilder> configure, bool propagateSpans = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddOrleansClient(client =>
        {
            configure(client);
            client.AddMetaLlm(propagateSpans);
        });
    }

    /// <summary>As <see cref="AddMetaLlmClient"/>, for a cluster client that is configured elsewhere.</summary>
    /// <param name="client">The client.</param>
    /// <param name="propagateSpans">Whether spans go on from callers to grains; see <see cref="OrleansEngineOptions.PropagateSpans"/>.</param>
    /// <returns>The same client.</returns>
    public static IClientBuilder AddMetaLlm(this IClientBuilder client, bool propagateSpans = true)
    {
        ArgumentNullException.ThrowIfNull(client);
        var services = client.Services;
        services.AddSingleton<RemoteEmbeddingModel>();

        // After the cluster client, which hosted services are started in the order of.
        services.AddHostedService(provider => provider.GetRequiredService<RemoteEmbeddingModel>());
        services.AddSingleton<IEmbedder>(provider => new GrainEmbedder(
            provider.GetRequiredService<IGrainFactory>(), () => provider.GetRequiredService<RemoteEmbeddingModel>().Value));
        services.AddSingleton<RemoteGrainChatProvider>();
        services.AddSingleton<IChatProvider>(provider => provider.GetRequiredService<RemoteGrainChatProvider>());
        services.AddMetaLlmOrleansEngine();
        return propagateSpans ? client.AddActivityPropagation() : client;
    }
}
