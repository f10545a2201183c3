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
