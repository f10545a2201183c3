using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what every engine and store uses.</summary>
public static class MetaLlmEngineServiceCollectionExtensions
{
    /// <summary>Adds the meter <see cref="EngineMetrics.MeterName"/>.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmMetrics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<EngineMetrics>();
        return services;
    }

    /// <summary>Adds what tenants' runtimes share; an engine, a journal and an embedder come from elsewhere.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; they are validated when the application starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmTenants(this IServiceCollection services, Action<TenantRuntimeOptions>? configure = null)
    {
        services.AddMetaLlmMetrics();
        services.AddCheckedOptions(configure);
        services.AddCheckedOptions<RetentionOptions>(null);
        services.AddCheckedOptions<SharedLearningOptions>(null);
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
