using MetaLlm;
using MetaLlm.Engine.Configuration;
using MetaLlm.Extensions.AI;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Makes an application route over its chat clients.</summary>
public static class MetaLlmChatClientHostExtensions
{
    /// <summary>The tenant where nobody names one.</summary>
    private const string StandardTenant = "app";

    /// <summary>
    /// Adds all of MetaLlm as <c>AddMetaLlm</c> does, with a tenant whose models are keyed chat clients of the application, and an <see cref="IChatClient"/> and an <see cref="IFeedbackClient"/> for it. What the
    /// section <c>MetaLlm</c> of the configuration says of storage, cluster, the tenant's other settings and so on holds besides.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="models">Names the clients and their prices.</param>
    /// <param name="tenant">The tenant: 1 to 64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>. Of a tenant that the configuration has too, that is completed.</param>
    /// <param name="configure">Changes settings after each reading; null to take them as they are.</param>
    /// <returns>The pipeline of the client, for function invocation, telemetry and what else belongs around it.</returns>
    /// <exception cref="ArgumentException">No model was named.</exception>
    /// <exception cref="InvalidOperationException"><c>AddMetaLlm</c> was called before.</exception>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static ChatClientBuilder AddMetaLlmChatClient(
        this IHostApplicationBuilder builder, Action<RoutedModels> models, string tenant = StandardTenant, Action<NodeSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        if (builder.Services.Any(service => service.ServiceType == typeof(SettingsStore)))
        {
            throw new InvalidOperationException("AddMetaLlm was called before; models that are named in code must be known when the configuration is read. Call AddMetaLlmChatClient alone.");
        }

        var named = new RoutedModels();
        models(named);
        if (named.Count == 0)
        {
            throw new ArgumentException("No model was named; at least one is needed.", nameof(models));
        }

        // First among the sources, so that whatever an operator says goes before.
        builder.Configuration.Sources.Insert(0, new Configuration.Memory.MemoryConfigurationSource { InitialData = named.ToConfiguration(tenant, Place(builder.Configuration, tenant)) });
        builder.AddMetaLlm(configure);
        return builder.Services.AddMetaLlmChatClient(tenant);
    }

    /// <summary>The place of the tenant in the configuration, or the first free one.</summary>
    private static int Place(IConfiguration configuration, string tenant)
    {
        var tenants = configuration.GetSection("MetaLlm:tenants").GetChildren().ToList();
        var place = tenants.FindIndex(one => one["id"] == tenant);
        return place < 0 ? tenants.Count : place;
    }
}
