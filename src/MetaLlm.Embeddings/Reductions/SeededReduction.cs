using MetaLlm.Core.Features;

namespace MetaLlm.Embeddings.Reductions;

/// <summary>
/// A fixed projection on random orthonormal directions, for models without a fitted one: it keeps distances in
/// proportion (Johnson and Lindenstrauss 1984), though less variance per output than fitted directions.
/// </summary>
internal static class SeededReduction
{
    private const ulong Seed = 0x4D65_7461_4C6C_6D31;

    /// <summary>Random signs, made orthonormal by Gram-Schmidt; unit-length inputs give outputs of variance about 1.</summary>
    public static LinearReduction Create(int inputs, int outputs)
    {
        var rows = new double[outputs][];
        var state = Seed;
        for (var i = 0; i < outputs; i++)
        {
            do
            {
                rows[i] = RandomSigns(inputs, ref state);
                RemoveProjections(rows[i], rows.AsSpan(0, i));
            }
            while (!TryNormalize(rows[i]));
        }

        var flat = rows.SelectMany(row => row.Select(entry => (float)entry)).ToArray();
        return new LinearReduction($"random-signs-{inputs}-{outputs}-1", inputs, flat, new float[inputs], MathF.Sqrt(inputs));
    }

    private static double[] RandomSigns(int length, ref ulong state)
    {
        var row = new double[length];
        for (var i = 0; i < length; i++)
        {
            row[i] = (SplitMix64(ref state) & 1) == 0 ? -1 : 1;
        }

        return row;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same signs on every platform and runtime.</summary>
    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static void RemoveProjections(double[] row, ReadOnlySpan<double[]> earlier)
    {
        foreach (var other in earlier)
        {
            var dot = 0.0;
            for (var i = 0; i < row.Length; i++)
            {
                dot += row[i] * other[i];
            }

            for (var i = 0; i < row.Length; i++)
            {
                row[i] -= dot * other[i];
            }
        }
    }

    /// <summary>False when next to nothing is left of the row, as happens with few inputs.</summary>
    private static bool TryNormalize(double[] row)
    {
        var length = Math.Sqrt(row.Sum(entry => entry * entry));
        if (length < 1e-3)
        {
            return false;
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] /= length;
        }

        return true;
    }
}
