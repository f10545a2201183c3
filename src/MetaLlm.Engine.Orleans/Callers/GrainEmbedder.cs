using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Embeds by way of the embedding workers.</summary>
/// <param name="grains">The cluster; on a silo its own workers serve.</param>
/// <param name="model">The model that the workers have.</param>
internal sealed class GrainEmbedder(IGrainFactory grains, Func<EmbeddingModelInfo> model) : IEmbedder
{
    private readonly IEmbeddingWorkerGrain _worker = grains.GetGrain<IEmbeddingWorkerGrain>(0);

    /// <inheritdoc/>
    public EmbeddingModelInfo Model => model();

    /// <inheritdoc/>
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await _worker.EmbedAsync(text, cancellationToken)).Value;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await _worker.EmbedBatchAsync(new Immutable<string[]>([.. texts]), cancellationToken)).Value;
    }
}
