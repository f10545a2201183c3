using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Features;

/// <summary>The leading eigenvectors of a sample covariance.</summary>
/// <param name="Mean">Mean vector.</param>
/// <param name="Rows">Orthonormal directions, row by row, by falling variance.</param>
/// <param name="Scale">1 / standard deviation along the first direction.</param>
internal sealed record PrincipalComponents(float[] Mean, float[] Rows, float Scale)
{
    private const int Iterations = 30;
    private const int Oversampling = 8;

    /// <summary>
    /// Subspace iteration with a few extra directions (Halko, Martinsson, Tropp 2011), started from fixed pseudo-random
    /// vectors, so that the same rows give the same bits.
    /// </summary>
    /// <param name="rows">Vectors of equal length.</param>
    /// <param name="count">Directions wanted.</param>
    /// <returns>Null when there are too few rows to tell so many directions apart, or they do not vary.</returns>
    public static PrincipalComponents? Fit(IReadOnlyList<float[]> rows, int count)
    {
        if (rows.Count < 2 * count || rows[0].Length < count)
        {
            return null;
        }

        var n = rows[0].Length;
        var mean = MeanOf(rows);
        var covariance = Covariance(rows, mean);
        var wanted = Math.Min(n, count + Oversampling);
        var basis = Start(wanted, n);
        for (var i = 0; i < Iterations; i++)
        {
            foreach (var vector in basis)
            {
                Multiply(covariance, n, vector);
            }

            Orthonormalize(basis);
        }

        var (values, order) = Variances(covariance, n, ref basis);
        if (values[order[0]] < 1e-12)
        {
            return null;
        }

        var flat = new float[count * n];
        for (var k = 0; k < count; k++)
        {
            var vector = basis[order[k]];
            for (var j = 0; j < n; j++)
            {
                flat[(k * n) + j] = (float)vector[j];
            }
        }

        return new PrincipalComponents(Array.ConvertAll(mean, m => (float)m), flat, (float)(1 / Math.Sqrt(values[order[0]])));
    }

    private static double[] MeanOf(IReadOnlyList<float[]> rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
        {
            for (var j = 0; j < mean.Length; j++)
            {
                mean[j] += row[j] / (double)rows.Count;
            }
        }

        return mean;
    }

    private static float[] Covariance(IReadOnlyList<float[]> rows, double[] mean)
    {
        var n = mean.Length;
        var covariance = new float[n * n];
        var centred = new float[n];
        foreach (var row in rows)
        {
            for (var j = 0; j < n; j++)
            {
                centred[j] = (float)(row[j] - mean[j]);
            }

            for (var i = 0; i < n; i++)
            {
                var target = covariance.AsSpan(i * n, n);
                TensorPrimitives.MultiplyAdd(centred, centred[i] / rows.Count, target, target);
            }
        }

        return covariance;
    }

    private static double[][] Start(int count, int n)
    {
        var basis = new double[count][];
        for (var k = 0; k < count; k++)
        {
            basis[k] = new double[n];
            for (var j = 0; j < n; j++)
            {
                basis[k][j] = CounterRandom.Uniform((ulong)k, (ulong)j) - 0.5;
            }
        }

        Orthonormalize(basis);
        return basis;
    }

    private static void Multiply(float[] matrix, int n, double[] vector)
    {
        var single = Array.ConvertAll(vector, v => (float)v);
        for (var i = 0; i < n; i++)
        {
            vector[i] = TensorPrimitives.Dot(matrix.AsSpan(i * n, n), single);
        }
    }

    // Modified Gram-Schmidt, twice: once is not enough for nearly parallel vectors (Giraud et al. 2005).
    private static void Orthonormalize(double[][] basis)
    {
        for (var k = 0; k < basis.Length; k++)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                for (var m = 0; m < k; m++)
                {
                    TensorPrimitives.MultiplyAdd(basis[m], -TensorPrimitives.Dot(basis[m], basis[k]), basis[k], basis[k]);
                }
            }

            var norm = TensorPrimitives.Norm(basis[k]);
            TensorPrimitives.Divide(basis[k], Math.Max(norm, 1e-300), basis[k]);
        }
    }

    // Rotates the basis to the eigenvectors of the covariance restricted to it (Rayleigh-Ritz).
    private static (double[] Values, int[] Order) Variances(float[] covariance, int n, ref double[][] basis)
    {
        var k = basis.Length;
        var images = Array.ConvertAll(basis, v => (double[])v.Clone());
        foreach (var image in images)
        {
            Multiply(covariance, n, image);
        }

        var small = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                small[i, j] = 0.5 * (TensorPrimitives.Dot(basis[i], images[j]) + TensorPrimitives.Dot(basis[j], images[i]));
            }
        }

        var (values, vectors) = SymmetricEigen.Jacobi(small);
        var rotated = new double[k][];
        for (var j = 0; j < k; j++)
        {
            rotated[j] = new double[n];
            for (var i = 0; i < k; i++)
            {
                TensorPrimitives.MultiplyAdd(basis[i], vectors[i, j], rotated[j], rotated[j]);
            }
        }

        basis = rotated;
        return (values, [.. Enumerable.Range(0, k).OrderByDescending(i => values[i]).ThenBy(i => i)]);
    }
}
