using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks;

/// <summary>Names a model without having one: these benchmarks bring their features along.</summary>
internal sealed class NoEmbedder : IEmbedder
{
    public EmbeddingModelInfo Model { get; } = new("none-1", 1, new LinearReduction("none-1", 1, [1], [0], 1));

    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");

    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");
}
