using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Embeds texts on the silo that is asked; one text or batch at a time each, as many of them as the silo has cores.</summary>
[Alias("metallm.2.embedding-worker")]
internal interface IEmbeddingWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IEmbedder.EmbedAsync"/>.</summary>
    [Alias("embed")]
    ValueTask<Immutable<float[]>> EmbedAsync(string text, CancellationToken cancellationToken);

    /// <summary>See <see cref="IEmbedder.EmbedBatchAsync"/>.</summary>
    [Alias("embed-batch")]
    ValueTask<Immutable<float[][]>> EmbedBatchAsync(Immutable<string[]> texts, CancellationToken cancellationToken);

    /// <summary>The silo's model.</summary>
    [Alias("model")]
    ValueTask<EmbeddingModelInfo> GetModelAsync();
}
