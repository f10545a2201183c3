using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>Names a model without having one: these benchmarks bring their vectors along, which it takes as they are.</summary>
internal sealed class NoEmbedder : IEmbedder
{
    public const int Dimensions = 7;

    public EmbeddingModelInfo Model { get; } = new("none-1", Dimensions, Identity());

    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");

    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark embeds nothing.");

    private static LinearReduction Identity()
    {
        var rows = new float[Dimensions * Dimensions];
        for (var i = 0; i < Dimensions; i++)
        {
            rows[(i * Dimensions) + i] = 1;
        }

        return new LinearReduction("none-1", Dimensions, rows, new float[Dimensions], 1);
    }
}
