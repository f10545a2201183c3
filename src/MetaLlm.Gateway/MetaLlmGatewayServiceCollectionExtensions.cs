using MetaLlm.Engine.Onboarding;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Telemetry;
using MetaLlm.Gateway.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MetaLlm.Gateway;

/// <summary>Registers the gateway.</summary>
public static class MetaLlmGatewayServiceCollectionExtensions
{
    /// <summary>Adds the gateway. An engine, a store, an embedder and a provider come from their own <c>AddMetaLlm…</c> methods.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read now and again when it changes.</param>
    /// <param name="context">Environment and overrides; null for the process's own environment and none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static IServiceCollection AddMetaLlm(
        this IServiceCollection services, IConfiguration configuration, SettingsContext? context = null)
    {
        context ??= new SettingsContext();
        var settings = SettingsReader.Read(configuration, context);
        services.AddRoutingCore();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(context);
        services.AddSingleton(new SettingsStore(settings));
        services.AddSingleton<IArmCatalog>(s => s.GetRequiredService<SettingsStore>());
        services.AddSingleton(settings.Routing);
        services.AddSingleton<CircuitBreakers>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<RoutingService>();
        services.AddSingleton<TenantAuthenticator>();
        services.AddSingleton<AdminAuthenticator>();
        services.AddSingleton<ApiGate>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<DecideEndpoint>();
        services.AddSingleton<FeedbackEndpoint>();
        services.AddSingleton<DecisionEndpoint>();
        services.AddSingleton<PolicyEndpoint>();
        services.AddSingleton<WarmStartService>();
        services.AddSingleton<WarmStartEndpoint>();
        services.AddSingleton<QuizEndpoint>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<MetricsAccess>();
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<SettingsReloader>(s, configuration));
        return services;
    }
}
