using System.Numerics.Tensors;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI;

/// <summary>Lets routing use any embedding generator in place of the model that travels along.</summary>
/// <remarks>
/// Safe for concurrent use where the generator is. Each query waits for the generator, so that one on this machine serves better than one behind a network. What was learned belongs to the model's name: another name
/// needs another policy state.
/// </remarks>
public sealed class GeneratorEmbedder : IEmbedder
{
    private const int ReducedDimensions = 32;

    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;

    /// <summary>Creates an embedder.</summary>
    /// <param name="generator">The generator; its owner disposes it.</param>
    /// <param name="model">Name and revision of the model; null for what the generator says.</param>
    /// <param name="dimensions">Length of its vectors, 32 to 16,384; null for what the generator says.</param>
    /// <exception cref="ArgumentException">Neither the caller nor the generator says the name or the length, or the length is out of range.</exception>
    public GeneratorEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, string? model = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        var name = model ?? metadata?.DefaultModelId ?? throw new ArgumentException("model is missing, and the generator does not say which model it has.", nameof(model));
        var length = dimensions ?? metadata?.DefaultModelDimensions ?? throw new ArgumentException("dimensions is missing, and the generator does not say how long its vectors are.", nameof(dimensions));
        if (length is < ReducedDimensions or > 16_384)
        {
            throw new ArgumentException($"dimensions is {length}; {ReducedDimensions} to 16384 are legal.", nameof(dimensions));
        }

        _generator = generator;
        Model = new EmbeddingModelInfo(name, length, SeededReduction.Create(length, ReducedDimensions));
    }

    /// <inheritdoc/>
    public EmbeddingModelInfo Model { get; }

    /// <inheritdoc/>
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) => (await EmbedBatchAsync([text], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The generator gave other vectors than it promises.</exception>
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            return [];
        }

        var vectors = await _generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
        return vectors.Count == texts.Count
            ? [.. vectors.Select(vector => Unit(vector.Vector.Span))]
            : throw new InvalidOperationException($"The generator gave {vectors.Count} vectors for {texts.Count} texts.");
    }

    private float[] Unit(ReadOnlySpan<float> vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (vector.Length != Model.Dimensions || !float.IsFinite(length) || length <= 0)
        {
            throw new InvalidOperationException($"The generator gave a vector of {vector.Length} entries and length {length}; {Model.Dimensions} entries and a finite length above 0 are legal.");
        }

        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, length, unit);
        return unit;
    }
}
