using System.Numerics.Tensors;

namespace MetaLlm.Core.Features;

/// <summary>An affine map from an embedding to a few dimensions: y = scale * W (e - mean), W row-major.</summary>
/// <remarks>Immutable. Rows of W are orthonormal when it comes from a principal component analysis.</remarks>
[GenerateSerializer, Immutable, Alias("metallm.linear-reduction")]
public sealed class LinearReduction
{
    [Id(0)]
    private readonly float[] _rows;

    [Id(1)]
    private readonly float[] _offset;

    /// <summary>Creates the map.</summary>
    /// <param name="id">Identity of the fitted numbers; changes whenever they change.</param>
    /// <param name="inputDimensions">Length of the embedding, at least 1.</param>
    /// <param name="rows">W, row-major, outputDimensions x inputDimensions; every entry finite.</param>
    /// <param name="mean">Vector subtracted first, inputDimensions entries.</param>
    /// <param name="scale">Factor applied last; makes the first component's standard deviation about 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an entry is not finite.</exception>
    public LinearReduction(string id, int inputDimensions, ReadOnlySpan<float> rows, ReadOnlySpan<float> mean, float scale)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimensions, 1);
        if (rows.IsEmpty || rows.Length % inputDimensions != 0)
        {
            throw new ArgumentException($"rows has {rows.Length} entries, which is no positive multiple of inputDimensions {inputDimensions}.", nameof(rows));
        }

        if (mean.Length != inputDimensions)
        {
            throw new ArgumentException($"mean has {mean.Length} entries; inputDimensions is {inputDimensions}.", nameof(mean));
        }

        if (!float.IsFinite(scale) || scale <= 0)
        {
            throw new ArgumentException($"scale is {scale}; it must be finite and above 0.", nameof(scale));
        }

        Id = id;
        InputDimensions = inputDimensions;
        OutputDimensions = rows.Length / inputDimensions;
        _rows = new float[rows.Length];
        TensorPrimitives.Multiply(rows, scale, _rows);
        if (!TensorPrimitives.IsFiniteAll(_rows) || !TensorPrimitives.IsFiniteAll(mean))
        {
            throw new ArgumentException("rows and mean must hold finite numbers only.", nameof(rows));
        }

        _offset = new float[OutputDimensions];
        for (var i = 0; i < OutputDimensions; i++)
        {
            _offset[i] = TensorPrimitives.Dot(Row(i), mean);
        }
    }

    private LinearReduction(string id, int inputDimensions, float[] rows, float[] offset)
    {
        Id = id;
        InputDimensions = inputDimensions;
        OutputDimensions = offset.Length;
        _rows = rows;
        _offset = offset;
    }

    /// <summary>Identity of the fitted numbers.</summary>
    [Id(2)]
    public string Id { get; }

    /// <summary>Length of the embedding that is mapped.</summary>
    [Id(3)]
    public int InputDimensions { get; }

    /// <summary>Length of the result.</summary>
    [Id(4)]
    public int OutputDimensions { get; }

    /// <summary>The matrix that an embedding is multiplied with, by rows; OutputDimensions times InputDimensions entries.</summary>
    public ReadOnlySpan<float> Rows => _rows;

    /// <summary>What is subtracted from each entry of the product; OutputDimensions entries.</summary>
    public ReadOnlySpan<float> Offset => _offset;

    /// <summary>Puts a reduction together again from its parts, bit for bit.</summary>
    /// <param name="id">Identity of the fitted numbers.</param>
    /// <param name="inputDimensions">Length of the embedding that is mapped.</param>
    /// <param name="rows">As <see cref="Rows"/> gave them.</param>
    /// <param name="offset">As <see cref="Offset"/> gave it.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static LinearReduction Restore(string id, int inputDimensions, ReadOnlySpan<float> rows, ReadOnlySpan<float> offset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimensions, 1);
        if (offset.IsEmpty || rows.Length != (long)offset.Length * inputDimensions)
        {
            throw new ArgumentException(
                $"rows has {rows.Length} entries; offset with {offset.Length} and inputDimensions {inputDimensions} need {(long)offset.Length * inputDimensions}.", nameof(rows));
        }

        return new LinearReduction(id, inputDimensions, rows.ToArray(), offset.ToArray());
    }

    /// <summary>Maps an embedding.</summary>
    /// <param name="embedding">InputDimensions entries.</param>
    /// <param name="destination">Receives OutputDimensions entries; may be longer.</param>
    public void Apply(ReadOnlySpan<float> embedding, Span<float> destination)
    {
        if (embedding.Length != InputDimensions)
        {
            throw new ArgumentException($"embedding has {embedding.Length} entries; this reduction ({Id}) takes {InputDimensions}.", nameof(embedding));
        }

        for (var i = 0; i < OutputDimensions; i++)
        {
            destination[i] = TensorPrimitives.Dot(Row(i), embedding) - _offset[i];
        }
    }

    private ReadOnlySpan<float> Row(int i) => _rows.AsSpan(i * InputDimensions, InputDimensions);
}
