using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The silos' embedding model as a client knows it; asked for as soon as the client is connected.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class RemoteEmbeddingModel(IGrainFactory grains) : ILifecycleParticipant<IClusterClientLifecycle>
{
    private EmbeddingModelInfo? _model;

    /// <summary>The model.</summary>
    /// <exception cref="InvalidOperationException">The client has not started.</exception>
    public EmbeddingModelInfo Value =>
        _model ?? throw new InvalidOperationException("The embedding model is known once the cluster client has started.");

    /// <inheritdoc/>
    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(RemoteEmbeddingModel), ServiceLifecycleStage.Active, AskAsync);

    private async Task AskAsync(CancellationToken cancellationToken) =>
        _model = await grains.GetGrain<IEmbeddingWorkerGrain>(0).GetModelAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
}
