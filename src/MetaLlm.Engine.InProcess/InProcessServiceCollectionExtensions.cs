using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess;

/// <summary>Adds the in-process engine.</summary>
public static class InProcessServiceCollectionExtensions
{
    /// <summary>Serves all tenants in this process. A journal, a snapshot store and an embedder must be added too.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; they are validated when the application starts.</param>
    /// <param name="configureTenants">Sets options of the tenants' runtimes; validated as well.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmInProcessEngine(
        this IServiceCollection services,
        Action<InProcessEngineOptions>? configure = null,
        Action<TenantRuntimeOptions>? configureTenants = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetaLlmTenants(configureTenants);
        services.AddOptions<InProcessEngineOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InProcessEngineOptions>, InProcessEngineOptionsValidator>());
        services.TryAddSingleton<InProcessTenantEngine>();
        services.TryAddSingleton<ITenantEngine>(provider => provider.GetRequiredService<InProcessTenantEngine>());
        services.AddHostedService<EngineMaintenance>();
        return services;
    }
}
