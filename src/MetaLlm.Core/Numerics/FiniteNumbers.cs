using System.Numerics.Tensors;

namespace MetaLlm.Core.Numerics;

/// <summary>Tells whether numbers are finite.</summary>
internal static class FiniteNumbers
{
    /// <summary>Whether all are; no numbers are.</summary>
    /// <remarks>The largest magnitude is NaN or infinite where any number is. It is computed in vectors, which the library's own check of finiteness is not.</remarks>
    public static bool Are(ReadOnlySpan<float> numbers) => numbers.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(numbers));
}
