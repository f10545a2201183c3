namespace MetaLlm.Core.Features;

/// <summary>z = clip((raw - mean) / deviation, -4, 4), entry by entry.</summary>
internal sealed class StructuralStandardization
{
    /// <summary>Where z is cut off, so that one odd prompt cannot dominate a linear model.</summary>
    public const float Limit = 4;

    private readonly float[] _mean;
    private readonly float[] _inverseDeviation;

    private StructuralStandardization(float[] mean, float[] inverseDeviation)
    {
        _mean = mean;
        _inverseDeviation = inverseDeviation;
    }

    /// <summary>Constants for English prompts of a sentence to a page, used until a tenant's own are fitted.</summary>
    public static StructuralStandardization Default { get; } = new(
        [5.6f, 4.1f, 4.5f, 0.03f, 0.04f, 0.04f, 1.0f, 0.6f, 0.7f, 0.4f, 1.0f, 2.2f, 2.4f, 0.78f, 0.5f, 0.01f, 1.2f, 0.40f, 0.7f],
        Inverse([1.0f, 1.0f, 0.8f, 0.05f, 0.04f, 0.025f, 1.0f, 0.4f, 1.0f, 0.8f, 1.0f, 2.2f, 0.3f, 0.14f, 0.8f, 0.05f, 0.7f, 0.12f, 0.9f]));

    /// <summary>Fits mean and deviation; an entry that never varies maps to 0.</summary>
    /// <param name="rows">Raw features; at least one row.</param>
    public static StructuralStandardization Fit(IReadOnlyList<float[]> rows)
    {
        var mean = new double[StructuralFeatures.Count];
        var square = new double[StructuralFeatures.Count];
        foreach (var row in rows)
        {
            for (var j = 0; j < mean.Length; j++)
            {
                mean[j] += row[j] / (double)rows.Count;
            }
        }

        foreach (var row in rows)
        {
            for (var j = 0; j < mean.Length; j++)
            {
                square[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / rows.Count;
            }
        }

        return new StructuralStandardization(
            Array.ConvertAll(mean, m => (float)m),
            Inverse(Array.ConvertAll(square, s => (float)Math.Sqrt(s))));
    }

    /// <summary>Takes back what <see cref="Constants"/> gave.</summary>
    public static StructuralStandardization FromConstants(ReadOnlySpan<float> constants) =>
        new(constants[..StructuralFeatures.Count].ToArray(), constants[StructuralFeatures.Count..].ToArray());

    /// <summary>Means, then inverse deviations.</summary>
    public float[] Constants() => [.. _mean, .. _inverseDeviation];

    /// <summary>Standardises.</summary>
    /// <param name="raw">Raw features; entries that are not finite map to 0.</param>
    /// <param name="destination">Receives as many entries.</param>
    public void Apply(ReadOnlySpan<float> raw, Span<float> destination)
    {
        for (var j = 0; j < StructuralFeatures.Count; j++)
        {
            var z = (raw[j] - _mean[j]) * _inverseDeviation[j];
            destination[j] = float.IsFinite(z) ? Math.Clamp(z, -Limit, Limit) : 0;
        }
    }

    private static float[] Inverse(float[] deviation) => Array.ConvertAll(deviation, d => d < 1e-6f ? 0 : 1 / d);
}
