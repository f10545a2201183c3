using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using MetaLlm.Engine.Admission;
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
/// <param name="queue">Lets only so many texts through to the model at once.</param>
/// <param name="metrics">Counts hits and misses.</param>
public sealed class QueryEmbeddings(IEmbedder embedder, RoutingOptions options, FairConcurrencyLimiter queue, RoutingMetrics metrics)
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
    /// <param name="cancellationToken">Cancels the wait. A text that waits for its turn is then never embedded; a vector that is being computed is completed and kept.</param>
    /// <returns>The vector. Others share it: it must not be changed.</returns>
    /// <exception cref="OverloadedException">The text would wait too long for its turn.</exception>
    public ValueTask<float[]> EmbedAsync(string tenant, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        var key = new Key(tenant, embedder.Model.Id, _kept is null ? default : Digest(text));
        if (_kept is not null && _kept.TryGet(key, out var vector))
        {
            metrics.EmbeddingKept();
            return ValueTask.FromResult(vector);
        }

        return ComputeAsync(key, text, cancellationToken);
    }

    private async ValueTask<float[]> ComputeAsync(Key key, string text, CancellationToken cancellationToken)
    {
        await queue.EnterAsync(key.Tenant, cancellationToken).ConfigureAwait(false);
        ValueTask<float[]> computing;
        try
        {
            computing = Begin(key, text);
        }
        catch
        {
            queue.Leave();
            throw;
        }

        if (computing.IsCompletedSuccessfully)
        {
            queue.Leave();
            return computing.Result;
        }

        // The place is taken until the model is done, whoever still waits for it.
        var done = computing.AsTask();
        _ = LeaveAfterAsync(done);
        return await done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<float[]> Begin(Key key, string text)
    {
        if (_kept is null)
        {
            return embedder.EmbedAsync(text, CancellationToken.None);
        }

        if (_kept.TryGet(key, out var vector))
        {
            metrics.EmbeddingKept();
            return ValueTask.FromResult(vector);
        }

        // Whoever asks first computes for all others too, and so must not stop where only its own client has gone.
        metrics.EmbeddingComputed();
        return _kept.GetOrAddAsync(
            key, static (_, call) => call.Embedder.EmbedAsync(call.Text, CancellationToken.None).AsTask(), (Embedder: embedder, Text: text));
    }

    private async Task LeaveAfterAsync(Task computing)
    {
        // Whoever waits for the vector is told of a failure.
        await computing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.Leave();
    }

    private static UInt128 Digest(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private readonly record struct Key(string Tenant, string Model, UInt128 Text);
}
