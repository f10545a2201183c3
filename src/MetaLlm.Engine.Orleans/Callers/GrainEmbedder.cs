using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Embeds by way of the embedding workers.</summary>
/// <param name="grains">The cluster; on a silo its own workers serve.</param>
/// <param name="model">The model that the workers have.</param>
internal sealed class GrainEmbedder(IGrainFactory grains, Func<EmbeddingModelInfo> model) : IEmbedder
{
    private IEmbeddingWorkerGrain? _worker;

    /// <inheritdoc/>
    public EmbeddingModelInfo Model => model();

    /// <summary>A client knows which grains there are only once it is connected, which is after this is created.</summary>
    private IEmbeddingWorkerGrain Worker => _worker ??= grains.GetGrain<IEmbeddingWorkerGrain>(0);

    /// <inheritdoc/>
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return (await Worker.EmbedAsync(text, cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return (await Worker.EmbedBatchAsync(new Immutable<string[]>([.. texts]), cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }
}
