using MetaLlm.Embeddings.Caching;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Lab;

/// <summary>A cached embedder that closes its cache and its model when it is disposed of.</summary>
/// <param name="model">The model.</param>
/// <param name="cache">The cache of that model's vectors.</param>
internal sealed class OwnedCachedEmbedder(IEmbedder model, EmbeddingCache cache) : IEmbedder, IDisposable
{
    private readonly CachedEmbedder _cached = new(model, cache);

    /// <inheritdoc />
    public EmbeddingModelInfo Model => model.Model;

    /// <inheritdoc />
    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) => _cached.EmbedAsync(text, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        _cached.EmbedBatchAsync(texts, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        cache.Dispose();
        (model as IDisposable)?.Dispose();
    }
}
