using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MetaLlm.Providers;

/// <summary>Registers the adapters to upstreams.</summary>
public static class MetaLlmProvidersServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IChatProvider"/> for upstreams that speak the OpenAI chat completion format.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null to keep the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmProviders(this IServiceCollection services, Action<ProviderOptions>? configure = null)
    {
        services.AddOptions<ProviderOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<UpstreamHttpClients>();
        services.TryAddSingleton<IChatProvider, OpenAiChatProvider>();
        return services;
    }
}
