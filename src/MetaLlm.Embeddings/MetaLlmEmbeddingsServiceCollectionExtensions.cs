using MetaLlm.Embeddings;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the embedder.</summary>
public static class MetaLlmEmbeddingsServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="IEmbedder"/> for the application, under <see cref="LocalServices.Key"/>; the container disposes it. Without a silo it is also
    /// the one without a key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; they are validated when the host starts. Null leaves the defaults.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMetaLlmEmbeddings(this IServiceCollection services, Action<EmbeddingsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddCheckedOptions<EmbeddingsOptions>(configure);
        services.TryAddKeyedSingleton(LocalServices.Key, (provider, _) => EmbedderFactory.Create(
            provider.GetRequiredService<IOptions<EmbeddingsOptions>>().Value,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EmbedderFactory))));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IEmbedder>(LocalServices.Key));
        return services;
    }
}
