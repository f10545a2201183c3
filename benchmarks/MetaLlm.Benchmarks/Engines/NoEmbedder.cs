using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>Names a model without having one: these benchmarks bring their vectors along, which it takes as they are.</summary>
/// <param name="dimensions">Length of the vectors.</param>
internal sealed class NoEmbedder(int dimensions) : IEmbedder
{
    public EmbeddingModelInfo Model { get; } = new("none-1", dimensions, Identity(dimensions));

    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");

    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");

    private static LinearReduction Identity(int dimensions)
    {
        var rows = new float[dimensions * dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            rows[(i * dimensions) + i] = 1;
        }

        return new LinearReduction("none-1", dimensions, rows, new float[dimensions], 1);
    }
}
