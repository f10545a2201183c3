using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// One packed symmetric matrix and two vectors per arm, interleaved: the numbers that all arms have at one position lie side by side,
/// so that one pass serves every arm at the machine's full width, without a sum across lanes. Arms are padded to whole vectors; pads stay 0.
/// </summary>
/// <remarks>Products are not fused, so that sums are rounded alike on every processor.</remarks>
internal sealed class ArmMatrices
{
    private const int Width = 4;

    private readonly int _n;
    private readonly int _lanes;
    private readonly double[] _inverse;
    private readonly double[] _sum;
    private readonly double[] _theta;

    /// <summary>Zeros.</summary>
    /// <param name="n">Rows and columns, at least 1.</param>
    /// <param name="arms">Number of arms.</param>
    public ArmMatrices(int n, int arms)
    {
        _n = n;
        Arms = arms;
        _lanes = (arms + Width - 1) / Width * Width;
        _inverse = new double[PackedMatrix.Length(n) * _lanes];
        _sum = new double[n * _lanes];
        _theta = new double[n * _lanes];
    }

    /// <summary>Number of arms.</summary>
    public int Arms { get; }

    /// <summary>Sets an arm's matrix, and its vectors to 0.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="inverse">Packed.</param>
    public void Set(int arm, ReadOnlySpan<double> inverse)
    {
        Scatter(inverse, _inverse, arm);
        for (var i = 0; i < _n; i++)
        {
            _sum[(i * _lanes) + arm] = _theta[(i * _lanes) + arm] = 0;
        }
    }

    /// <summary>Sets an arm's matrix and b_a; theta_a follows with Refresh.</summary>
    public void Set(int arm, ReadOnlySpan<double> inverse, ReadOnlySpan<double> sum)
    {
        Scatter(inverse, _inverse, arm);
        Scatter(sum, _sum, arm);
    }

    /// <summary>Takes an arm's matrix and b_a out.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="inverse">Receives the packed matrix.</param>
    /// <param name="sum">Receives n numbers.</param>
    public void Get(int arm, Span<double> inverse, Span<double> sum)
    {
        Gather(_inverse, arm, inverse);
        Gather(_sum, arm, sum);
    }

    /// <summary>Sets an arm's matrix to the inverse of a diagonal one, and its vectors to 0.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="precision">The diagonal, all entries above 0.</param>
    public void SetDiagonal(int arm, ReadOnlySpan<double> precision)
    {
        var inverse = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        inverse.Clear();
        for (int i = 0, e = 0; i < _n; i++, e += i + 1)
        {
            inverse[e] = 1 / precision[i];
        }

        Set(arm, inverse);
    }

    /// <summary>Takes over an arm of another set of the same size.</summary>
    public void Copy(int arm, ArmMatrices from, int source)
    {
        Copy(_inverse, arm, from._inverse, from._lanes, source);
        Copy(_sum, arm, from._sum, from._lanes, source);
        Copy(_theta, arm, from._theta, from._lanes, source);
    }

    /// <summary>theta_a'x of one arm.</summary>
    public double Dot(int arm, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < _n; i++)
        {
            sum += _theta[(i * _lanes) + arm] * x[i];
        }

        return sum;
    }

    /// <summary>theta_a'x and x'P_a x of every arm.</summary>
    /// <param name="x">n entries.</param>
    /// <param name="dots">Receives one entry an arm.</param>
    /// <param name="quadratics">Receives one entry an arm.</param>
    public void Evaluate(ReadOnlySpan<double> x, Span<double> dots, Span<double> quadratics)
    {
        var products = Products(x);
        for (var lane = 0; lane < _lanes; lane += 2 * Width)
        {
            var both = lane + Width < _lanes;
            var (first, second) = Sweep(products, _inverse, lane, both);
            Store(first, second, both, lane, quadratics);
            (first, second) = Sweep(x, _theta, lane, both);
            Store(first, second, both, lane, dots);
        }
    }

    /// <summary>Takes an arm out to learn from x: one walk through memory serves the verdict on a reward, the update and the new theta.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="x">n entries.</param>
    /// <param name="product">Receives P_a x; valid as long as the result is.</param>
    /// <returns>The arm, until any other call on this thread that takes arms out or sets them.</returns>
    public ArmView Open(int arm, ReadOnlySpan<double> x, Span<double> product)
    {
        var inverse = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        Gather(_inverse, arm, inverse);
        PackedMatrix.Multiply(inverse, x, product);
        return new ArmView(arm, inverse, product[.._n], Kernels.Dot(product[.._n], x));
    }

    /// <summary>P_a &lt;- (P_a^-1 + weight x x')^-1 for an arm taken out with x. It can do so once.</summary>
    public void Observe(in ArmView open, double weight)
    {
        PackedMatrix.AddOuterToInverse(open.Inverse, open.Product, open.Quadratic, weight);
        Scatter(open.Inverse, _inverse, open.Arm);
    }

    /// <summary>theta_a &lt;- P_a b_a for an arm that is out.</summary>
    public void Refresh(in ArmView open)
    {
        var sum = ThreadScratch.Second(_n).AsSpan(0, _n);
        Gather(_sum, open.Arm, sum);
        PackedMatrix.Multiply(open.Inverse, sum, open.Product);
        Scatter(open.Product, _theta, open.Arm);
    }

    /// <summary>
    /// P_a &lt;- (P_a^-1 + (to - from) x x')^-1 for an arm taken out with an x that it has observed with weight from. Then x'P_a x &lt; 1 / from, and the result is
    /// positive definite; where it is not so, x is not in the matrix and nothing changes.
    /// </summary>
    /// <returns>Whether x was there.</returns>
    public bool TryReweigh(in ArmView open, double from, double to)
    {
        if (!(open.Quadratic * from < 1))
        {
            return false;
        }

        Observe(open, to - from);
        return true;
    }

    /// <summary>b_a &lt;- b_a + factor x.</summary>
    public void AddToSum(int arm, ReadOnlySpan<double> x, double factor)
    {
        for (var i = 0; i < _n; i++)
        {
            _sum[(i * _lanes) + arm] += factor * x[i];
        }
    }

    /// <summary>theta_a &lt;- P_a b_a for one arm.</summary>
    public void Refresh(int arm, Span<double> scratch)
    {
        var inverse = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        Gather(_inverse, arm, inverse);
        Refresh(new ArmView(arm, inverse, scratch[.._n], 0));
    }

    /// <summary>theta_a &lt;- P_a (b_a + shared) for every arm.</summary>
    public void RefreshAll(ReadOnlySpan<double> shared) => RefreshAll(_sum, shared);

    /// <summary>theta_a &lt;- P_a (b_a + own_a) for every arm.</summary>
    /// <param name="own">Per arm, n numbers.</param>
    public void RefreshAll(IReadOnlyList<double[]> own)
    {
        var sums = ThreadScratch.First(_sum.Length);
        _sum.CopyTo(sums, 0);
        for (var a = 0; a < Arms; a++)
        {
            for (var i = 0; i < _n; i++)
            {
                sums[(i * _lanes) + a] += own[a][i];
            }
        }

        var nothing = ThreadScratch.Second(_n).AsSpan(0, _n);
        nothing.Clear();
        RefreshAll(sums, nothing);
    }

    /// <summary>An arm's theta.</summary>
    public void Theta(int arm, Span<double> destination) => Gather(_theta, arm, destination[.._n]);

    public void Write(StateWriter writer)
    {
        writer.Doubles(_inverse);
        writer.Doubles(_sum);
        writer.Doubles(_theta);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_inverse);
        reader.Doubles(_sum);
        reader.Doubles(_theta);
    }

    // Products x_i x_j as the packed matrix lies; those off the diagonal count twice. Rows are written in whole vectors: what goes beyond a
    // row's end is overwritten by its diagonal entry and by the next rows.
    private ReadOnlySpan<double> Products(ReadOnlySpan<double> x)
    {
        var length = PackedMatrix.Length(_n);
        var products = ThreadScratch.First(length + Width).AsSpan(0, length + Width);
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(products);
        var n = (nuint)x.Length;
        nuint e = 0;
        for (nuint i = 0; i < n; e += ++i)
        {
            var factor = 2 * Unsafe.Add(ref from, i);
            var factors = Vector256.Create(factor);
            nuint j = 0;
            for (; j < i && j + Width <= n; j += Width)
            {
                (factors * Vector256.LoadUnsafe(ref from, j)).StoreUnsafe(ref to, e + j);
            }

            for (; j < i; j++)
            {
                Unsafe.Add(ref to, e + j) = factor * Unsafe.Add(ref from, j);
            }

            Unsafe.Add(ref to, e + i) = Unsafe.Add(ref from, i) * Unsafe.Add(ref from, i);
        }

        return products[..length];
    }

    private (Vector256<double> First, Vector256<double> Second) Sweep(ReadOnlySpan<double> weights, double[] matrix, int lane, bool both)
    {
        ref var m = ref MemoryMarshal.GetArrayDataReference(matrix);
        ref var w = ref MemoryMarshal.GetReference(weights);
        var (a0, a1, a2, a3) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var (b0, b1, b2, b3) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var at = (nuint)lane;
        var step = (nuint)_lanes;
        var n = (nuint)weights.Length;
        var other = both ? (nuint)Width : 0;
        nuint e = 0;

        // Eight sums side by side, because an addition takes several cycles but two can start in each.
        for (; e + 4 <= n; e += 4, at += 4 * step)
        {
            var w0 = Vector256.Create(Unsafe.Add(ref w, e));
            var w1 = Vector256.Create(Unsafe.Add(ref w, e + 1));
            var w2 = Vector256.Create(Unsafe.Add(ref w, e + 2));
            var w3 = Vector256.Create(Unsafe.Add(ref w, e + 3));
            a0 += w0 * Vector256.LoadUnsafe(ref m, at);
            b0 += w0 * Vector256.LoadUnsafe(ref m, at + other);
            a1 += w1 * Vector256.LoadUnsafe(ref m, at + step);
            b1 += w1 * Vector256.LoadUnsafe(ref m, at + step + other);
            a2 += w2 * Vector256.LoadUnsafe(ref m, at + (2 * step));
            b2 += w2 * Vector256.LoadUnsafe(ref m, at + (2 * step) + other);
            a3 += w3 * Vector256.LoadUnsafe(ref m, at + (3 * step));
            b3 += w3 * Vector256.LoadUnsafe(ref m, at + (3 * step) + other);
        }

        for (; e < n; e++, at += step)
        {
            var w0 = Vector256.Create(Unsafe.Add(ref w, e));
            a0 += w0 * Vector256.LoadUnsafe(ref m, at);
            b0 += w0 * Vector256.LoadUnsafe(ref m, at + other);
        }

        return ((a0 + a1) + (a2 + a3), (b0 + b1) + (b2 + b3));
    }

    private void Store(Vector256<double> first, Vector256<double> second, bool both, int lane, Span<double> destination)
    {
        for (var k = 0; k < Width; k++)
        {
            if (lane + k < Arms)
            {
                destination[lane + k] = first[k];
            }

            if (both && lane + Width + k < Arms)
            {
                destination[lane + Width + k] = second[k];
            }
        }
    }

    private void RefreshAll(double[] sums, ReadOnlySpan<double> shared)
    {
        for (var lane = 0; lane < _lanes; lane += 2 * Width)
        {
            RefreshLanes(sums, shared, (nuint)lane, lane + Width < _lanes ? (nuint)Width : 0);
        }
    }

    // Four sums side by side, as in Sweep, over one group of lanes or two.
    private void RefreshLanes(double[] sums, ReadOnlySpan<double> shared, nuint lane, nuint other)
    {
        ref var inverse = ref MemoryMarshal.GetArrayDataReference(_inverse);
        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        ref var theta = ref MemoryMarshal.GetArrayDataReference(_theta);
        ref var common = ref MemoryMarshal.GetReference(shared);
        var step = (nuint)_lanes;
        var e = lane;
        for (nuint i = 0; i < (nuint)_n; i++)
        {
            var offset = (i * step) + lane;
            var mineA = Vector256.LoadUnsafe(ref sum, offset) + Vector256.Create(Unsafe.Add(ref common, i));
            var mineB = Vector256.LoadUnsafe(ref sum, offset + other) + Vector256.Create(Unsafe.Add(ref common, i));
            var (evenA, evenB, oddA, oddB) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
            var at = lane;
            nuint j = 0;
            for (; j + 2 <= i; j += 2, e += 2 * step, at += 2 * step)
            {
                var (first, second) = (Vector256.Create(Unsafe.Add(ref common, j)), Vector256.Create(Unsafe.Add(ref common, j + 1)));
                Pair(ref inverse, ref sum, ref theta, e, at, first, mineA, ref evenA);
                Pair(ref inverse, ref sum, ref theta, e + step, at + step, second, mineA, ref oddA);
                if (other > 0)
                {
                    Pair(ref inverse, ref sum, ref theta, e + other, at + other, first, mineB, ref evenB);
                    Pair(ref inverse, ref sum, ref theta, e + step + other, at + step + other, second, mineB, ref oddB);
                }
            }

            if (j < i)
            {
                var last = Vector256.Create(Unsafe.Add(ref common, j));
                Pair(ref inverse, ref sum, ref theta, e, at, last, mineA, ref evenA);
                if (other > 0)
                {
                    Pair(ref inverse, ref sum, ref theta, e + other, at + other, last, mineB, ref evenB);
                }

                e += step;
            }

            (evenA + oddA + (Vector256.LoadUnsafe(ref inverse, e) * mineA)).StoreUnsafe(ref theta, offset);
            if (other > 0)
            {
                (evenB + oddB + (Vector256.LoadUnsafe(ref inverse, e + other) * mineB)).StoreUnsafe(ref theta, offset + other);
            }

            e += step;
        }
    }

    // Entry (i, j) below the diagonal: adds P_ij b_j to row i's sum and P_ij b_i to theta_j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(
        ref double inverse, ref double sum, ref double theta, nuint e, nuint at, Vector256<double> shared, Vector256<double> mine, ref Vector256<double> row)
    {
        var p = Vector256.LoadUnsafe(ref inverse, e);
        row += p * (Vector256.LoadUnsafe(ref sum, at) + shared);
        (Vector256.LoadUnsafe(ref theta, at) + (p * mine)).StoreUnsafe(ref theta, at);
    }

    private void Gather(double[] interleaved, int arm, Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = interleaved[(i * _lanes) + arm];
        }
    }

    private void Scatter(ReadOnlySpan<double> source, double[] interleaved, int arm)
    {
        for (var i = 0; i < source.Length; i++)
        {
            interleaved[(i * _lanes) + arm] = source[i];
        }
    }

    private void Copy(double[] to, int arm, double[] from, int fromLanes, int source)
    {
        for (var i = 0; i < to.Length / _lanes; i++)
        {
            to[(i * _lanes) + arm] = from[(i * fromLanes) + source];
        }
    }
}
