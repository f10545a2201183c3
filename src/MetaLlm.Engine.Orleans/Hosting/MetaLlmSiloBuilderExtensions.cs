using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;

namespace Orleans.Hosting;

/// <summary>Makes a silo serve tenants.</summary>
public static class MetaLlmSiloBuilderExtensions
{
    /// <summary>
    /// Adds the tenants' grains, their workers and the reward stream. <see cref="IEmbedder"/>, <see cref="IChatProvider"/> and <see cref="ITenantEngine"/>
    /// then lead through the grains, whose workers use the embedder and the provider under <see cref="LocalServices.Key"/>. These two and the journal are
    /// added to the services, before or after; a grain storage for snapshots to the silo, see <see cref="MetaLlmStorageExtensions"/>.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options; they are validated when the silo starts.</param>
    /// <param name="configureTenants">Sets options of the tenants' runtimes; validated as well.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddMetaLlm(
        this ISiloBuilder silo, Action<OrleansEngineOptions>? configure = null, Action<TenantRuntimeOptions>? configureTenants = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var services = silo.Services;
        services.AddMetaLlmTenants(configureTenants);
        services.AddMetaLlmOrleansOptions(configure);
        services.AddSingleton<IValidateOptions<OrleansEngineOptions>>(new StreamProviderCheck(services));
        services.AddSingleton<IValidateOptions<OrleansEngineOptions>, LocalServicesCheck>();
        services.TryAddKeyedSingleton<TimeProvider>(LocalServices.Key, (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.AddSingleton(provider => new SharedLearningService(
            provider.GetRequiredService<ITenantJournal>(),
            provider.GetRequiredKeyedService<TimeProvider>(LocalServices.Key),
            provider.GetRequiredService<IOptions<SharedLearningOptions>>(),
            provider.GetService<ISharedLearningStore>()));
        services.TryAddSingleton<ISharedLearning>(provider => provider.GetRequiredService<SharedLearningService>());
        services.AddSingleton<TenantRuntimeFactory>();
        services.AddSingleton<RewardPublisher>();
        services.AddSingleton<CallHandOff>();
        services.AddSingleton<RemoteCalls>();
        services.AddSingleton<IDrain>(provider => provider.GetRequiredService<RemoteCalls>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SettlementDrain>();
        services.AddSingleton<IGrainPropertiesProvider, WorkerCounts>();
        services.AddSingleton<IGrainPropertiesProvider, ReadEvents>();
        services.AddSingleton<IGrainPropertiesProvider, SiloRelease>();
        services.AddSingleton<IPostConfigureOptions<GrainCollectionOptions>, IdleGrainCollection>();
        services.AddHostedService<RetentionService>();

        services.AddSingleton<IEmbedder>(provider => new GrainEmbedder(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ClusterCalls>(), () => provider.GetRequiredKeyedService<IEmbedder>(LocalServices.Key).Model));
        services.AddSingleton<RemoteGrainChatProvider>();
        services.AddSingleton<IChatProvider, LocalGrainChatProvider>();
        services.AddMetaLlmOrleansEngine();

        var chosen = new OrleansEngineOptions();
        configure?.Invoke(chosen);
        if (chosen.StreamProvider == OrleansEngineOptions.MemoryStreams)
        {
            // Implicit subscriptions need no store of subscribers.
            silo.AddMemoryStreams(chosen.StreamProvider, streams => streams.ConfigureStreamPubSub(global::Orleans.Streams.StreamPubSubType.ImplicitOnly));
            services.Configure<StreamCacheEvictionOptions>(chosen.StreamProvider, ForgetDelivered);
        }

        return chosen.PropagateSpans ? silo.AddActivityPropagation() : silo;
    }

    /// <summary>Nobody rewinds a reward stream, since the journal has everything: what was delivered need not stay in memory for minutes.</summary>
    private static void ForgetDelivered(StreamCacheEvictionOptions options)
    {
        options.DataMinTimeInCache = TimeSpan.FromSeconds(1);
        options.DataMaxAgeInCache = TimeSpan.FromSeconds(10);
        options.MetadataMinTimeInCache = TimeSpan.FromSeconds(10);
    }
}
