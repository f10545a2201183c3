using MetaLlm.Embeddings;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Cli;

/// <summary>Opens the embedding model that the product ships.</summary>
internal static class EmbedderSetup
{
    /// <summary>Opens the model.</summary>
    /// <param name="cancellationToken">Cancels before the model is loaded.</param>
    /// <returns>An embedder that the caller disposes of.</returns>
    public static ValueTask<IEmbedder> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var options = new EmbeddingsOptions();
        return ValueTask.FromResult<IEmbedder>(new OnnxEmbedder(EmbeddingModel.Load(options.ModelDirectory), options.Threads));
    }
}
