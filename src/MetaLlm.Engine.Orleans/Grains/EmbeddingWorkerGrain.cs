using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>
/// Embeds with the silo's model. Calls interleave, so that those which arrive together reach the embedder together and share a batch; the
/// embedder bounds how many cores that takes and how many texts may wait.
/// </summary>
[GrainType("metallm.embedding-worker")]
[StatelessWorker, Reentrant]
internal sealed class EmbeddingWorkerGrain([FromKeyedServices(LocalServices.Key)] IEmbedder embedder) : Grain, IEmbeddingWorkerGrain
{
    /// <inheritdoc/>
    public async ValueTask<Immutable<float[]>> EmbedAsync(string text, CancellationToken cancellationToken) =>
        new(await embedder.EmbedAsync(text, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<Immutable<float[][]>> EmbedBatchAsync(Immutable<string[]> texts, CancellationToken cancellationToken) =>
        new([.. await embedder.EmbedBatchAsync(texts.Value, cancellationToken)]);

    /// <inheritdoc/>
    public ValueTask<EmbeddingModelInfo> GetModelAsync() => ValueTask.FromResult(embedder.Model);
}
