using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>What silos and clients have in common.</summary>
internal static class OrleansServiceCollectionExtensions
{
    /// <summary>Adds the options of a silo.</summary>
    public static void AddMetaLlmOrleansOptions(this IServiceCollection services, Action<OrleansEngineOptions>? configure)
    {
        services.AddCheckedOptions(configure);
    }

    /// <summary>Adds the engine.</summary>
    public static void AddMetaLlmOrleansEngine(this IServiceCollection services)
    {
        services.Configure<ExceptionSerializationOptions>(LetErrorsCross);
        services.PostConfigure<LoggerFilterOptions>(HideOptions);
        services.TryAddSingleton<SiloDepartures>();
        services.TryAddSingleton(provider => new ClusterCalls(provider.GetRequiredService<SiloDepartures>(), TimeProvider.System));
        services.TryAddSingleton(provider => new JournalReaders(provider.GetRequiredService<IClusterManifestProvider>(), provider.GetService<IClusterMembershipService>()));
        services.TryAddSingleton(provider => new OrleansTenantEngine(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ClusterCalls>(), provider.GetRequiredService<JournalReaders>()));
        services.RemoveAll<IAllowanceHolder>();
        services.AddSingleton<IAllowanceHolder, GrainAllowanceHolder>();
        services.TryAddSingleton<IRetention, GrainRetention>();
        services.TryAddSingleton<IClusterView, GrainClusterView>();
        services.TryAddSingleton<ITenantEngine>(provider => provider.GetRequiredService<OrleansTenantEngine>());
    }

    /// <summary>
    /// An error may have the store's or the database's own within; one that cannot cross to the caller's process would reach it as a
    /// defect of serialization.
    /// </summary>
    public static void LetErrorsCross(ExceptionSerializationOptions options)
    {
        options.SupportedNamespacePrefixes.Add(nameof(MetaLlm));
        options.SupportedNamespacePrefixes.Add(MetaLlmClusteringExtensions.PostgresInvariant);
    }

    /// <summary>At every start Orleans logs each of its options, hundreds of lines. The application's own rules come later and win.</summary>
    private static void HideOptions(LoggerFilterOptions filters)
    {
        filters.Rules.Insert(0, new LoggerFilterRule(null, "Orleans.Runtime.SiloOptionsLogger", LogLevel.Warning, null));
        filters.Rules.Insert(0, new LoggerFilterRule(null, "Orleans.ClientOptionsLogger", LogLevel.Warning, null));
    }
}
