using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>The model that ships with the product, loaded once for all tests.</summary>
public sealed class DefaultModel : IDisposable
{
    public DefaultModel()
    {
        Model = EmbeddingModel.Load(Directory);
        Embedder = new OnnxEmbedder(Model, threads: 2);
    }

    public static string Directory { get; } = new EmbeddingsOptions().ModelDirectory;

    public EmbeddingModel Model { get; }

    public OnnxEmbedder Embedder { get; }

    public void Dispose() => Embedder.Dispose();
}
