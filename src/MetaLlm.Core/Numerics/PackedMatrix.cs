namespace MetaLlm.Core.Numerics;

/// <summary>
/// Symmetric n x n matrices as their lower triangle, row by row: entry (i, j), j &lt;= i, lies at i(i+1)/2 + j. Half the memory of
/// a square one, and every inner loop runs over contiguous numbers. Golub and Van Loan, Matrix Computations, 4th ed., ch. 4.
/// </summary>
internal static class PackedMatrix
{
    /// <summary>How many numbers an n x n symmetric matrix takes.</summary>
    public static int Length(int n) => n * (n + 1) / 2;

    /// <summary>A diagonal matrix.</summary>
    public static double[] Diagonal(ReadOnlySpan<double> diagonal)
    {
        var matrix = new double[Length(diagonal.Length)];
        for (var i = 0; i < diagonal.Length; i++)
        {
            matrix[RowStart(i) + i] = diagonal[i];
        }

        return matrix;
    }

    /// <summary>M &lt;- M + sign diag(d).</summary>
    public static void AddDiagonal(Span<double> matrix, ReadOnlySpan<double> diagonal, double sign = 1)
    {
        for (var i = 0; i < diagonal.Length; i++)
        {
            matrix[RowStart(i) + i] += sign * diagonal[i];
        }
    }

    /// <summary>M &lt;- M + weight x x'.</summary>
    public static void AddOuter(Span<double> matrix, ReadOnlySpan<double> x, double weight)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var factor = weight * x[i];
            if (factor == 0)
            {
                continue;
            }

            Kernels.MultiplyAdd(x[..(i + 1)], factor, matrix.Slice(RowStart(i), i + 1));
        }
    }

    /// <summary>y &lt;- M x.</summary>
    public static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> x, Span<double> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var row = matrix.Slice(RowStart(i), i + 1);
            y[i] = (row[i] * x[i]) + Kernels.DotAndMultiplyAdd(row[..i], x, x[i], y);
        }
    }

    /// <summary>x' M x.</summary>
    public static double Quadratic(ReadOnlySpan<double> matrix, ReadOnlySpan<double> x)
    {
        var offDiagonal = 0.0;
        var diagonal = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var xi = x[i];
            if (xi == 0)
            {
                continue;
            }

            var row = matrix.Slice(RowStart(i), i + 1);
            diagonal += row[i] * xi * xi;
            offDiagonal += xi * Kernels.Dot(row[..i], x);
        }

        return diagonal + (2 * offDiagonal);
    }

    /// <summary>
    /// Given P = A^-1, makes it (A + weight x x')^-1 (Sherman and Morrison 1950).
    /// </summary>
    /// <param name="inverse">P, changed in place.</param>
    /// <param name="x">The vector.</param>
    /// <param name="weight">Above 0; or below 0 to take back what was added with at least that weight.</param>
    /// <param name="scratch">x.Length entries.</param>
    public static void AddOuterToInverse(Span<double> inverse, ReadOnlySpan<double> x, double weight, Span<double> scratch)
    {
        var px = scratch[..x.Length];
        Multiply(inverse, x, px);
        AddOuterToInverse(inverse, px, Kernels.Dot(px, x), weight);
    }

    /// <summary>The same where P x and x'P x are known already.</summary>
    /// <param name="inverse">P, packed; becomes (P^-1 + weight x x')^-1.</param>
    /// <param name="product">P x.</param>
    /// <param name="quadratic">x'P x.</param>
    /// <param name="weight">As above.</param>
    public static void AddOuterToInverse(Span<double> inverse, ReadOnlySpan<double> product, double quadratic, double weight) =>
        AddOuter(inverse, product, -weight / (1 + (weight * quadratic)));

    /// <summary>Factors a positive definite matrix in place: M = L L'.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite within rounding, or holds a number that is not finite.</exception>
    public static void Cholesky(Span<double> matrix, int n)
    {
        for (var i = 0; i < n; i++)
        {
            var row = matrix.Slice(RowStart(i), i + 1);
            for (var j = 0; j < i; j++)
            {
                var other = matrix.Slice(RowStart(j), j + 1);
                row[j] = (row[j] - Kernels.Dot(row[..j], other[..j])) / other[j];
            }

            var pivot = row[i] - Kernels.Dot(row[..i], row[..i]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                throw new ArithmeticException($"The {n} x {n} matrix is not positive definite: pivot {i} is {pivot}.");
            }

            row[i] = Math.Sqrt(pivot);
        }
    }

    /// <summary>Solves L L' x = b in place, with L from <see cref="Cholesky"/>.</summary>
    public static void Solve(ReadOnlySpan<double> factor, Span<double> b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            var row = factor.Slice(RowStart(i), i + 1);
            b[i] = (b[i] - Kernels.Dot(row[..i], b[..i])) / row[i];
        }

        for (var i = b.Length - 1; i >= 0; i--)
        {
            var row = factor.Slice(RowStart(i), i + 1);
            b[i] /= row[i];
            Kernels.MultiplyAdd(row[..i], -b[i], b);
        }
    }

    /// <summary>The inverse of a positive definite matrix.</summary>
    public static double[] Invert(ReadOnlySpan<double> matrix, int n)
    {
        var factor = matrix.ToArray();
        Cholesky(factor, n);
        var inverse = new double[matrix.Length];
        var column = new double[n];
        for (var j = 0; j < n; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            Solve(factor, column);
            for (var i = j; i < n; i++)
            {
                inverse[RowStart(i) + j] = column[i];
            }
        }

        return inverse;
    }

    private static int RowStart(int i) => i * (i + 1) / 2;
}
