using MetaLlm.Engine.Configuration;
using MetaLlm.Extensions.AI;
using MetaLlm.Extensions.AI.Rewards;
using MetaLlm.Extensions.AI.Tokens;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what an application talks to MetaLlm with, in process.</summary>
public static class MetaLlmChatClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IChatClient"/>, an <see cref="IFeedbackClient"/> and <see cref="FeedbackTokens"/> for a tenant. MetaLlm itself comes from <c>AddMetaLlm</c>, or from its parts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="tenant">The tenant: one of the configuration, or of the directory.</param>
    /// <param name="configure">Sets options of the feedback client; null to keep the defaults.</param>
    /// <returns>The pipeline of the client, for function invocation, telemetry and what else belongs around it.</returns>
    public static ChatClientBuilder AddMetaLlmChatClient(this IServiceCollection services, string tenant, Action<FeedbackClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        services.AddFeedback(tenant, configure);
        services.AddSingleton(provider => new MetaLlmChatClient(provider, tenant));
        services.AddSingleton<IFeedbackClient>(provider => provider.GetRequiredService<FeedbackDispatcher>().Of(tenant));
        services.AddSingleton(provider => provider.GetRequiredService<FeedbackTokenIssuer>().Of(tenant));
        return services.AddChatClient(provider => provider.GetRequiredService<MetaLlmChatClient>());
    }

    /// <summary>As <see cref="AddMetaLlmChatClient(IServiceCollection, string, Action{FeedbackClientOptions}?)"/>, for an application with several tenants: all of it under a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the services.</param>
    /// <param name="tenant">The tenant: one of the configuration, or of the directory.</param>
    /// <returns>The pipeline of the client.</returns>
    public static ChatClientBuilder AddKeyedMetaLlmChatClient(this IServiceCollection services, object key, string tenant)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        services.AddFeedback(tenant, null);
        services.AddKeyedSingleton(key, (provider, _) => new MetaLlmChatClient(provider, tenant));
        services.AddKeyedSingleton<IFeedbackClient>(key, (provider, _) => provider.GetRequiredService<FeedbackDispatcher>().Of(tenant));
        services.AddKeyedSingleton(key, (provider, _) => provider.GetRequiredService<FeedbackTokenIssuer>().Of(tenant));
        return services.AddKeyedChatClient(key, provider => provider.GetRequiredKeyedService<MetaLlmChatClient>(key));
    }

    private static void AddFeedback(this IServiceCollection services, string tenant, Action<FeedbackClientOptions>? configure)
    {
        services.AddSingleton(new FeedbackTenant(tenant));
        services.AddCheckedOptions(configure);
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FeedbackTokenIssuer>();
        services.TryAddSingleton<FeedbackRecorder>();
        services.TryAddSingleton<FeedbackDispatcher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FeedbackDispatcher>(provider => provider.GetRequiredService<FeedbackDispatcher>()));
    }
}
