namespace MetaLlm.ModelTool.UseLite;

/// <summary>A matrix in symmetric 8-bit quantisation: value = integer * scale of its row (axis 0) or column (axis 1).</summary>
internal sealed record QuantizedMatrix(sbyte[] Values, float[] Scales)
{
    private const int Largest = 127;

    public static QuantizedMatrix Of(ReadOnlySpan<float> values, int rows, int columns, int scaleAxis)
    {
        var scales = new float[scaleAxis == 0 ? rows : columns];
        for (var i = 0; i < values.Length; i++)
        {
            ref var scale = ref scales[scaleAxis == 0 ? i / columns : i % columns];
            scale = MathF.Max(scale, MathF.Abs(values[i]) / Largest);
        }

        return Round(values, columns, scaleAxis, scales);
    }

    /// <summary>A matrix with a scale per column whose products with unsigned 8-bit integers are exact on every processor.</summary>
    /// <remarks>
    /// Processors without dot-product instructions add the products of rows 2i and 2i + 1 in 16 bits, and what does not fit
    /// is cut off. Two neighbours of one sign that add up to 128 at most always fit: 255 * 128 is less than 2^15.
    /// </remarks>
    public static QuantizedMatrix ForIntegerProducts(ReadOnlySpan<float> values, int rows, int columns)
    {
        var scales = new float[columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var other = (row ^ 1) < rows ? values[(row ^ 1) * columns + column] : 0;
            var sum = values[i] * other > 0 ? MathF.Abs(values[i] + other) : MathF.Abs(values[i]);
            // Rounding adds up to one step to a sum of two.
            scales[column] = MathF.Max(scales[column], sum / Largest);
        }

        return Round(values, columns, scaleAxis: 1, scales);
    }

    private static QuantizedMatrix Round(ReadOnlySpan<float> values, int columns, int scaleAxis, float[] scales)
    {
        var integers = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            ref var scale = ref scales[scaleAxis == 0 ? i / columns : i % columns];
            // A channel of zeros has no scale of its own; any positive one represents it.
            if (scale == 0)
            {
                scale = 1;
            }

            integers[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scale), -Largest, Largest);
        }

        return new QuantizedMatrix(integers, scales);
    }
}
