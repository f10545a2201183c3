using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit;

/// <summary>An embedder of eight dimensions whose vectors are a plain function of the text.</summary>
public sealed class FixedEmbedder(string id = "fixed-8") : IEmbedder
{
    /// <summary>Length of the vectors.</summary>
    public const int Dimensions = 8;

    /// <inheritdoc/>
    public EmbeddingModelInfo Model { get; } = new(
        id,
        Dimensions,
        new LinearReduction(
            id + "-first-two",
            Dimensions,
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
            new float[Dimensions],
            1));

    /// <summary>The vector of a text: unit length, from its characters alone.</summary>
    public static float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        vector[0] = 1;
        for (var i = 0; i < text.Length; i++)
        {
            vector[(text[i] + i) % Dimensions] += 1;
        }

        var norm = MathF.Sqrt(vector.Sum(v => v * v));
        return Array.ConvertAll(vector, v => v / norm);
    }

    /// <inheritdoc/>
    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Embed(text));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<float[]>>([.. texts.Select(Embed)]);
}
