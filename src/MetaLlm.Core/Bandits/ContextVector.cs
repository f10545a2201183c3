namespace MetaLlm.Core.Bandits;

/// <summary>The part of a context that distances are taken in, as a unit vector: the embedding alone, or all but the bias.</summary>
internal sealed class ContextVector
{
    private readonly int _start;
    private readonly double[] _unit;

    /// <param name="setup">Layout of the context.</param>
    /// <param name="embeddingOnly">Whether only the embedding counts, where there is one.</param>
    public ContextVector(PolicySetup setup, bool embeddingOnly)
    {
        var blocks = setup.Blocks;
        var onlyEmbedding = embeddingOnly && blocks.Embedding > 0;
        var length = onlyEmbedding ? blocks.Embedding : setup.Dimension - blocks.Bias;

        // With nothing but a bias all queries are alike; one entry keeps every vector of the same length.
        _start = onlyEmbedding ? blocks.Bias + blocks.Structural + blocks.Task + blocks.Language : setup.Dimension - Math.Max(1, length);
        _unit = new double[Math.Max(1, length)];
    }

    /// <summary>Length of the vector, at least 1.</summary>
    public int Dimension => _unit.Length;

    /// <summary>Cuts and scales to length 1; a vector of zeros stays. Valid until the next call.</summary>
    public ReadOnlySpan<double> Of(ReadOnlySpan<double> context)
    {
        var part = context.Slice(_start, _unit.Length);
        var squares = 0.0;
        foreach (var value in part)
        {
            squares += value * value;
        }

        var scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var j = 0; j < part.Length; j++)
        {
            _unit[j] = part[j] * scale;
        }

        return _unit;
    }
}
