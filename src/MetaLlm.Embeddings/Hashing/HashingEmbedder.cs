using System.Numerics.Tensors;
using System.Text;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Hashing;

/// <summary>
/// Signed feature hashing of words and word pairs (Weinberger et al. 2009): it knows words, not meaning. It stands in
/// only where no model can be loaded, under an id of its own, so that its vectors never mix with a model's.
/// </summary>
public sealed class HashingEmbedder : IEmbedder
{
    private const int Dimensions = 512;
    private const int ReducedDimensions = 32;

    /// <summary>Bounds the work that one very long text can cause.</summary>
    private const int MostCharacters = 16_384;

    /// <inheritdoc />
    public EmbeddingModelInfo Model { get; } =
        new($"hashing-{Dimensions}-1", Dimensions, SeededReduction.Create(Dimensions, ReducedDimensions)) { WholeCharacters = MostCharacters };

    /// <inheritdoc />
    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Embed(text));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var vectors = new float[texts.Count][];
        for (var i = 0; i < vectors.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            vectors[i] = Embed(texts[i]);
        }

        return ValueTask.FromResult<IReadOnlyList<float[]>>(vectors);
    }

    private static float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        // The start of the text is a word too, so that the empty text has a vector.
        var previous = Fnv1A.OffsetBasis;
        Add(vector, previous);
        foreach (var word in Words(text))
        {
            var hash = Fnv1A.Hash(Encoding.UTF8.GetBytes(word), Fnv1A.OffsetBasis);
            Add(vector, hash);
            Add(vector, Fnv1A.Hash(BitConverter.GetBytes(hash), previous));
            previous = hash;
        }

        var length = TensorPrimitives.Norm(vector);
        if (length == 0)
        {
            vector[0] = length = 1;
        }

        TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }

    private static void Add(float[] vector, ulong hash) =>
        vector[hash % Dimensions] += (hash >> 63) == 0 ? 1 : -1;

    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text[..Math.Min(text.Length, MostCharacters)].EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune));
                continue;
            }

            if (word.Length > 0)
            {
                yield return word.ToString();
            }

            word.Clear();
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
