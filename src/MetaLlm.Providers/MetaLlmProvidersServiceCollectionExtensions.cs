using MetaLlm.Engine.Ports;
using MetaLlm.Providers;
using MetaLlm.Providers.ChatClients;
using MetaLlm.Providers.Credentials;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Dialects.Anthropic;
using MetaLlm.Providers.Dialects.Bedrock;
using MetaLlm.Providers.Dialects.Gemini;
using MetaLlm.Providers.Dialects.OpenAi;
using MetaLlm.Providers.Dialects.Responses;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Objections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the adapters to upstreams.</summary>
public static class MetaLlmProvidersServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IChatProvider"/> for upstreams of every protocol that <see cref="UpstreamEndpoint"/> names, under <see cref="LocalServices.Key"/>. Without a silo it
    /// is also the one without a key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null to keep the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmProviders(this IServiceCollection services, Action<ProviderOptions>? configure = null)
    {
        services.AddOptions<ProviderOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton<UpstreamHttpClients>();
        services.TryAddSingleton<CureBook>();
        services.TryAddSingleton<ProviderMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, OpenAiDialect>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, AzureOpenAiDialect>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, AnthropicDialect>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, GeminiDialect>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, BedrockDialect>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IChatDialect, ResponsesDialect>());
        services.TryAddSingleton<EntraTokens>();
        services.TryAddSingleton<AwsKeys>();
        services.TryAddSingleton<UpstreamAuthorizer>();
        services.TryAddSingleton<ChatClientProvider>();
        services.TryAddKeyedSingleton<IChatProvider, ProtocolChatProvider>(LocalServices.Key);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IChatProvider>(LocalServices.Key));
        return services;
    }
}
