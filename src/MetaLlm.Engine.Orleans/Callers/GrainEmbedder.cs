using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Embeds by way of the embedding workers.</summary>
/// <param name="grains">The cluster; on a silo its own workers serve.</param>
/// <param name="calls">Makes calls.</param>
/// <param name="model">The model that the workers have.</param>
internal sealed class GrainEmbedder(IGrainFactory grains, ClusterCalls calls, Func<EmbeddingModelInfo> model) : IEmbedder
{
    private IEmbeddingWorkerGrain? _worker;

    /// <inheritdoc/>
    public EmbeddingModelInfo Model => model();

    /// <summary>A client knows which grains there are only once it is connected, which is after this is created.</summary>
    private IEmbeddingWorkerGrain Worker => _worker ??= grains.GetGrain<IEmbeddingWorkerGrain>(0);

    /// <inheritdoc/>
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        (await calls.AskAsync(() => Worker.EmbedAsync(text, cancellationToken), cancellationToken).ConfigureAwait(false)).Value;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var asked = new Immutable<string[]>([.. texts]);
        return (await calls.AskAsync(() => Worker.EmbedBatchAsync(asked, cancellationToken), cancellationToken).ConfigureAwait(false)).Value;
    }
}
