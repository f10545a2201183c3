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

    /// <summary>Sets an arm's matrix and b_a; theta_a follows with <see cref="Refresh"/>.</summary>
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

    /// <summary>x'P_a x of one arm.</summary>
    public double Quadratic(int arm, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        var e = arm;
        for (var i = 0; i < _n; i++)
        {
            var row = 0.0;
            for (var j = 0; j < i; j++, e += _lanes)
            {
                row += _inverse[e] * x[j];
            }

            sum += x[i] * ((2 * row) + (_inverse[e] * x[i]));
            e += _lanes;
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

    /// <summary>P_a &lt;- (P_a^-1 + weight x x')^-1 for one arm.</summary>
    public void Observe(int arm, ReadOnlySpan<double> x, Span<double> scratch, double weight = 1)
    {
        var row = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        Gather(_inverse, arm, row);
        PackedMatrix.AddOuterToInverse(row, x, weight, scratch);
        Scatter(row, _inverse, arm);
    }

    /// <summary>
    /// P_a &lt;- (P_a^-1 + (to - from) x x')^-1 for one arm that has observed x with weight from. Then x'P_a x &lt; 1 / from, and the result is
    /// positive definite; where it is not so, x is not in the matrix and nothing changes.
    /// </summary>
    /// <returns>Whether x was there.</returns>
    public bool TryReweigh(int arm, ReadOnlySpan<double> x, double from, double to, Span<double> scratch)
    {
        if (!(Quadratic(arm, x) * from < 1))
        {
            return false;
        }

        Observe(arm, x, scratch, to - from);
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
        var row = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        var sum = ThreadScratch.Second(_n).AsSpan(0, _n);
        Gather(_inverse, arm, row);
        Gather(_sum, arm, sum);
        PackedMatrix.Multiply(row, sum, scratch);
        Scatter(scratch[.._n], _theta, arm);
    }

    /// <summary>theta_a &lt;- P_a (b_a + shared) for every arm.</summary>
    public void RefreshAll(ReadOnlySpan<double> shared)
    {
        for (var lane = 0; lane < _lanes; lane += Width)
        {
            RefreshLanes(shared, (nuint)lane);
        }
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

    // Products x_i x_j as the packed matrix lies; those off the diagonal count twice.
    private ReadOnlySpan<double> Products(ReadOnlySpan<double> x)
    {
        var products = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        var e = 0;
        for (var i = 0; i < _n; i++)
        {
            var factor = 2 * x[i];
            System.Numerics.Tensors.TensorPrimitives.Multiply(x[..i], factor, products.Slice(e, i));
            products[e + i] = x[i] * x[i];
            e += i + 1;
        }

        return products;
    }

    private (Vector256<double> First, Vector256<double> Second) Sweep(ReadOnlySpan<double> weights, double[] matrix, int lane, bool both)
    {
        ref var m = ref MemoryMarshal.GetArrayDataReference(matrix);
        ref var w = ref MemoryMarshal.GetReference(weights);
        var (a0, a1, b0, b1) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var at = (nuint)lane;
        var step = (nuint)_lanes;
        var n = (nuint)weights.Length;
        var other = both ? (nuint)Width : 0;
        nuint e = 0;
        for (; e + 2 <= n; e += 2, at += 2 * step)
        {
            var w0 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w, e));
            var w1 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w, e + 1));
            a0 += w0 * Vector256.LoadUnsafe(ref m, at);
            b0 += w0 * Vector256.LoadUnsafe(ref m, at + other);
            a1 += w1 * Vector256.LoadUnsafe(ref m, at + step);
            b1 += w1 * Vector256.LoadUnsafe(ref m, at + step + other);
        }

        if (e < n)
        {
            var w0 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref w, e));
            a0 += w0 * Vector256.LoadUnsafe(ref m, at);
            b0 += w0 * Vector256.LoadUnsafe(ref m, at + other);
        }

        return (a0 + a1, b0 + b1);
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

    private void RefreshLanes(ReadOnlySpan<double> shared, nuint lane)
    {
        ref var inverse = ref MemoryMarshal.GetArrayDataReference(_inverse);
        ref var sum = ref MemoryMarshal.GetArrayDataReference(_sum);
        ref var theta = ref MemoryMarshal.GetArrayDataReference(_theta);
        var step = (nuint)_lanes;
        var e = lane;
        for (nuint i = 0; i < (nuint)_n; i++)
        {
            var mine = Vector256.LoadUnsafe(ref sum, (i * step) + lane) + Vector256.Create(shared[(int)i]);
            var row = Vector256<double>.Zero;
            nuint at = lane;
            for (nuint j = 0; j < i; j++, e += step, at += step)
            {
                var p = Vector256.LoadUnsafe(ref inverse, e);
                row += p * (Vector256.LoadUnsafe(ref sum, at) + Vector256.Create(shared[(int)j]));
                (Vector256.LoadUnsafe(ref theta, at) + (p * mine)).StoreUnsafe(ref theta, at);
            }

            (row + (Vector256.LoadUnsafe(ref inverse, e) * mine)).StoreUnsafe(ref theta, at);
            e += step;
        }
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
