using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Caching;

/// <summary>Asks a cache first and the model only for what is new.</summary>
/// <remarks>Owns neither the inner embedder nor the cache.</remarks>
public sealed class CachedEmbedder : IEmbedder
{
    /// <summary>New texts are computed and stored in portions, so that an interrupted run keeps what it has computed.</summary>
    private const int PortionSize = 512;

    private readonly IEmbedder _inner;
    private readonly EmbeddingCache _cache;

    /// <summary>Puts a cache before an embedder.</summary>
    /// <param name="inner">Computes what the cache does not know.</param>
    /// <param name="cache">The cache of the same model.</param>
    /// <exception cref="ArgumentException">The cache belongs to another model.</exception>
    public CachedEmbedder(IEmbedder inner, EmbeddingCache cache)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(cache);
        if (inner.Model.Name != cache.ModelId)
        {
            throw new ArgumentException($"The cache holds vectors of {cache.ModelId}, the embedder makes those of {inner.Model.Name}.", nameof(cache));
        }

        _inner = inner;
        _cache = cache;
    }

    /// <inheritdoc />
    public EmbeddingModelInfo Model => _inner.Model;

    /// <inheritdoc />
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var known = await _cache.FindAsync(text, cancellationToken).ConfigureAwait(false);
        if (known is not null)
        {
            return known;
        }

        var vector = await _inner.EmbedAsync(text, cancellationToken).ConfigureAwait(false);
        await _cache.AddAsync([text], [vector], cancellationToken).ConfigureAwait(false);
        return vector;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellationToken.ThrowIfCancellationRequested();
        var vectors = new float[texts.Count][];
        var unknown = new Dictionary<string, List<int>>();
        for (var i = 0; i < vectors.Length; i++)
        {
            if (unknown.TryGetValue(texts[i], out var places))
            {
                places.Add(i);
            }
            else if (await _cache.FindAsync(texts[i], cancellationToken).ConfigureAwait(false) is { } known)
            {
                vectors[i] = known;
            }
            else
            {
                unknown.Add(texts[i], [i]);
            }
        }

        foreach (var portion in unknown.Chunk(PortionSize))
        {
            string[] portionTexts = [.. portion.Select(entry => entry.Key)];
            var computed = await _inner.EmbedBatchAsync(portionTexts, cancellationToken).ConfigureAwait(false);
            await _cache.AddAsync(portionTexts, computed, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < portion.Length; i++)
            {
                Spread(computed[i], portion[i].Value, vectors);
            }
        }

        return vectors;
    }

    /// <summary>Every caller's vector is its own array, also where a text occurs twice.</summary>
    private static void Spread(float[] vector, List<int> places, float[][] vectors)
    {
        vectors[places[0]] = vector;
        foreach (var place in places.Skip(1))
        {
            vectors[place] = [.. vector];
        }
    }
}
