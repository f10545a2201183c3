using MetaLlm.Engine.Ports;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI;

/// <summary>The embedding model that routing uses, for an application's own searches: vectors without a call to anybody.</summary>
/// <remarks>Safe for concurrent use. Vectors have unit length.</remarks>
/// <param name="embedder">The embedder of MetaLlm.</param>
public sealed class EmbedderGenerator(IEmbedder embedder) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Other dimensions are asked for than the model has, or another model.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var model = embedder.Model;
        if (options?.Dimensions is { } dimensions && dimensions != model.Dimensions)
        {
            throw new ArgumentException($"Dimensions is {dimensions}; the model '{model.Name}' has {model.Dimensions}.", nameof(options));
        }

        if (options?.ModelId is { } id && id != model.Name)
        {
            throw new ArgumentException($"ModelId is '{id}'; the model is '{model.Name}'.", nameof(options));
        }

        var vectors = await embedder.EmbedBatchAsync([.. values], cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(vector) { ModelId = model.Name }));
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("metallm", providerUri: null, embedder.Model.Name, embedder.Model.Dimensions)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the embedder belongs to the application.</summary>
    public void Dispose()
    {
    }
}
