using MetaLlm.Engine.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MetaLlm.Engine.Tenants;

/// <summary>Adds what every engine and store uses.</summary>
public static class EngineServiceCollectionExtensions
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
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
