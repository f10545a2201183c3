namespace MetaLlm.ModelTool.UseLite;

/// <summary>How a layer's input becomes 8-bit integers: value = (integer - zero point) * scale, for all texts alike.</summary>
/// <param name="Scale">Size of one step; positive.</param>
/// <param name="ZeroPoint">The integer that stands for 0.</param>
internal readonly record struct ActivationRange(float Scale, byte ZeroPoint)
{
    /// <summary>The finest steps that reach from <paramref name="least"/> to <paramref name="largest"/>, with 0 exactly on one of them.</summary>
    public static ActivationRange Of(float least, float largest)
    {
        least = MathF.Min(least, 0);
        var scale = (MathF.Max(largest, 0) - least) / byte.MaxValue;
        return scale > 0
            ? new ActivationRange(scale, (byte)MathF.Round(-least / scale))
            : throw new InvalidDataException("An input that is always 0 has no range.");
    }
}
