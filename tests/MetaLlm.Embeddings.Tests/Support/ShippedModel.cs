using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>A model that ships with the product, loaded once for many tests.</summary>
public abstract class ShippedModel : IDisposable
{
    protected ShippedModel(string directory)
    {
        Model = EmbeddingModel.Load(directory);
        Embedder = new OnnxEmbedder(Model, threads: 2);
    }

    public EmbeddingModel Model { get; }

    public OnnxEmbedder Embedder { get; }

    public void Dispose()
    {
        Embedder.Dispose();
        GC.SuppressFinalize(this);
    }
}
