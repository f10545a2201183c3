using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Embeds queries. The vectors of the texts that were asked for last are kept in memory, so that a repeated text costs nothing.</summary>
/// <remarks>
/// Safe for concurrent use. Equal texts that are asked for at the same time are embedded once. A kept vector is the first one that was
/// computed, to the bit; another batch may give a vector that differs from it within the tolerance of <see cref="IEmbedder"/>.
/// What is kept belongs to one tenant and one model: no tenant can tell from the time a call takes what another one has asked.
/// Texts are not kept, only their SHA-256, cut to 128 bits.
/// </remarks>
/// <param name="embedder">Computes what is not kept.</param>
/// <param name="options">How many vectors are kept.</param>
/// <param name="metrics">Counts hits and misses.</param>
public sealed class QueryEmbeddings(IEmbedder embedder, RoutingOptions options, RoutingMetrics metrics)
{
    private const int FewestEntries = 3;

    private readonly IAsyncCache<Key, float[]>? _kept = options.CachedEmbeddings == 0
        ? null
        : new ConcurrentLruBuilder<Key, float[]>()
            .WithCapacity(Math.Max(FewestEntries, options.CachedEmbeddings))
            .AsAsyncCache()
            .WithAtomicGetOrAdd()
            .Build();

    /// <summary>The model.</summary>
    public EmbeddingModelInfo Model => embedder.Model;

    /// <summary>Embeds a text.</summary>
    /// <param name="tenant">Whose text it is.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the wait; a vector that is being computed is completed and kept.</param>
    /// <returns>The vector. Others share it: it must not be changed.</returns>
    public ValueTask<float[]> EmbedAsync(string tenant, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_kept is null)
        {
            return embedder.EmbedAsync(text, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var key = new Key(tenant, embedder.Model.Id, Digest(text));
        if (_kept.TryGet(key, out var vector))
        {
            metrics.EmbeddingKept();
            return ValueTask.FromResult(vector);
        }

        return ComputeAsync(_kept, key, text, cancellationToken);
    }

    private async ValueTask<float[]> ComputeAsync(IAsyncCache<Key, float[]> kept, Key key, string text, CancellationToken cancellationToken)
    {
        metrics.EmbeddingComputed();

        // Whoever asks first computes for all others too, and so must not stop where only its own client has gone.
        var vector = kept.GetOrAddAsync(
            key, static (_, call) => call.Embedder.EmbedAsync(call.Text, CancellationToken.None).AsTask(), (Embedder: embedder, Text: text));
        return vector.IsCompletedSuccessfully ? vector.Result : await vector.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static UInt128 Digest(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private readonly record struct Key(string Tenant, string Model, UInt128 Text);
}
