using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Makes a process without a silo use those of a cluster.</summary>
public static class MetaLlmClientBuilderExtensions
{
    /// <summary>
    /// Adds <see cref="ITenantEngine"/>, <see cref="IEmbedder"/> and <see cref="IChatProvider"/> that lead to the cluster's silos. Neither a journal nor an
    /// embedding model is needed here. Which cluster it is says for example <see cref="MetaLlmClusteringExtensions.UseMetaLlmCluster(IClientBuilder, OrleansClusterOptions)"/>.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="propagateSpans">Whether spans go on from callers to grains; see <see cref="OrleansEngineOptions.PropagateSpans"/>.</param>
    /// <returns>The same client.</returns>
    public static IClientBuilder AddMetaLlm(this IClientBuilder client, bool propagateSpans = true)
    {
        ArgumentNullException.ThrowIfNull(client);
        var services = client.Services;
        services.AddSingleton<RemoteEmbeddingModel>();
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(provider => provider.GetRequiredService<RemoteEmbeddingModel>());
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>, SettlementDrain>();
        services.AddSingleton<IEmbedder>(provider => new GrainEmbedder(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ClusterCalls>(), () => provider.GetRequiredService<RemoteEmbeddingModel>().Value));
        services.AddSingleton<RemoteGrainChatProvider>();
        services.AddSingleton<IChatProvider>(provider => provider.GetRequiredService<RemoteGrainChatProvider>());
        services.TryAddSingleton<GrainTenantDirectory>();
        services.TryAddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<GrainTenantDirectory>());
        services.TryAddSingleton<IUsageReports>(provider => provider.GetRequiredService<GrainTenantDirectory>());
        services.TryAddSingleton<IUsageSums>(provider => provider.GetRequiredService<GrainTenantDirectory>());
        services.TryAddSingleton<IDecisionSearch, GrainDecisionSearch>();
        services.TryAddSingleton<IResponseStore, GrainResponseStore>();
        services.TryAddSingleton<IAnswerStore, GrainAnswerStore>();
        services.TryAddSingleton<IRequestLogStore, GrainRequestLogStore>();
        services.TryAddSingleton<ISharedLearning, GrainSharedLearning>();
        services.TryAddSingleton<IFileStore, GrainFileStore>();
        services.TryAddSingleton<IBatchStore, GrainBatchStore>();
        services.AddMetaLlmOrleansEngine();
        return propagateSpans ? client.AddActivityPropagation() : client;
    }
}
