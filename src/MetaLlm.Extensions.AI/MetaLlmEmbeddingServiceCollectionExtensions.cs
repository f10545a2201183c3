using MetaLlm.Engine.Ports;
using MetaLlm.Extensions.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Joins the embedder of MetaLlm with embedding generators.</summary>
public static class MetaLlmEmbeddingServiceCollectionExtensions
{
    /// <summary>Lets routing use an embedding generator in place of the model that travels along. Every silo of a cluster must use the same.</summary>
    /// <param name="services">The services; MetaLlm is added before or after.</param>
    /// <param name="generator">Gives the generator; null for the one among the services.</param>
    /// <param name="model">Name and revision of the model; null for what the generator says.</param>
    /// <param name="dimensions">Length of its vectors, 32 to 16,384; null for what the generator says.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmEmbedder(
        this IServiceCollection services, Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>>? generator = null, string? model = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.RemoveAllKeyed<IEmbedder>(LocalServices.Key);
        return services.AddKeyedSingleton<IEmbedder>(LocalServices.Key, (provider, _) => new GeneratorEmbedder(
            generator?.Invoke(provider) ?? provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(), model, dimensions));
    }

    /// <summary>Adds an embedding generator that is the embedder of MetaLlm, see <see cref="EmbedderGenerator"/>.</summary>
    /// <param name="services">The services; MetaLlm is added before or after.</param>
    /// <returns>The pipeline of the generator, for caches, telemetry and what else belongs around it.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddMetaLlmEmbeddingGenerator(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddEmbeddingGenerator(provider => new EmbedderGenerator(provider.GetRequiredService<IEmbedder>()));
    }
}
