using MetaLlm.Embeddings.Reductions;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>Vectors of two entries: the text's length and how often the embedder was asked before.</summary>
internal sealed class CountingEmbedder(string id = "counting-1") : IEmbedder
{
    public int Asked { get; private set; }

    public EmbeddingModelInfo Model { get; } = new(id, 2, SeededReduction.Create(2, 2));

    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        ValueTask.FromResult<float[]>([text.Length, Asked++]);

    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = new List<float[]>();
        foreach (var text in texts)
        {
            vectors.Add(await EmbedAsync(text, cancellationToken));
        }

        return vectors;
    }
}
