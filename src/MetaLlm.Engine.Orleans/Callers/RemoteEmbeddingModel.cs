using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The silos' embedding model as a client knows it; asked for when the client starts.</summary>
/// <param name="cluster">The cluster; connected before this starts.</param>
internal sealed class RemoteEmbeddingModel(IClusterClient cluster) : IHostedService
{
    private EmbeddingModelInfo? _model;

    /// <summary>The model.</summary>
    /// <exception cref="InvalidOperationException">The client has not started.</exception>
    public EmbeddingModelInfo Value =>
        _model ?? throw new InvalidOperationException("The embedding model is known once the cluster client has started.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _model = await cluster.GetGrain<IEmbeddingWorkerGrain>(0).GetModelAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
