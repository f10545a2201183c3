using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetaLlm.Core.Numerics;

/// <summary>
/// Inner loops over short rows of doubles, where a library call costs more than its work. The width is fixed and products are not
/// fused, so that sums are rounded in the same order on every processor.
/// </summary>
internal static class Kernels
{
    private const int Width = 4;

    /// <summary>Sum of a[i] * b[i] over the length of <paramref name="a"/>.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var pa = ref MemoryMarshal.GetReference(a);
        ref var pb = ref MemoryMarshal.GetReference(b[..a.Length]);
        var first = Vector256<double>.Zero;
        var second = Vector256<double>.Zero;
        nuint i = 0;
        var n = (nuint)a.Length;
        for (; i + (2 * Width) <= n; i += 2 * Width)
        {
            first += Vector256.LoadUnsafe(ref pa, i) * Vector256.LoadUnsafe(ref pb, i);
            second += Vector256.LoadUnsafe(ref pa, i + Width) * Vector256.LoadUnsafe(ref pb, i + Width);
        }

        if (i + Width <= n)
        {
            first += Vector256.LoadUnsafe(ref pa, i) * Vector256.LoadUnsafe(ref pb, i);
            i += Width;
        }

        var sum = Vector256.Sum(first + second);
        for (; i < n; i++)
        {
            sum += a[(int)i] * b[(int)i];
        }

        return sum;
    }

    /// <summary>y[i] += factor * x[i] over the length of <paramref name="x"/>.</summary>
    public static void MultiplyAdd(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        ref var px = ref MemoryMarshal.GetReference(x);
        ref var py = ref MemoryMarshal.GetReference(y[..x.Length]);
        var factors = Vector256.Create(factor);
        nuint i = 0;
        var n = (nuint)x.Length;
        for (; i + Width <= n; i += Width)
        {
            (Vector256.LoadUnsafe(ref py, i) + (factors * Vector256.LoadUnsafe(ref px, i))).StoreUnsafe(ref py, i);
        }

        for (; i < n; i++)
        {
            y[(int)i] += factor * x[(int)i];
        }
    }

    /// <summary>Both at once for one row of a symmetric matrix: returns row'x and adds factor * row to y.</summary>
    public static double DotAndMultiplyAdd(ReadOnlySpan<double> row, ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        ref var pr = ref MemoryMarshal.GetReference(row);
        ref var px = ref MemoryMarshal.GetReference(x[..row.Length]);
        ref var py = ref MemoryMarshal.GetReference(y[..row.Length]);
        var factors = Vector256.Create(factor);
        var sums = Vector256<double>.Zero;
        nuint i = 0;
        var n = (nuint)row.Length;
        for (; i + Width <= n; i += Width)
        {
            var entries = Vector256.LoadUnsafe(ref pr, i);
            sums += entries * Vector256.LoadUnsafe(ref px, i);
            (Vector256.LoadUnsafe(ref py, i) + (factors * entries)).StoreUnsafe(ref py, i);
        }

        var sum = Vector256.Sum(sums);
        for (; i < n; i++)
        {
            sum += row[(int)i] * x[(int)i];
            y[(int)i] += factor * row[(int)i];
        }

        return sum;
    }
}
