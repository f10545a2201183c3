using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Numerics;

public sealed class PackedMatrixTests
{
    private const int N = 17;

    [Fact]
    public void The_inverse_is_the_one_of_an_independent_library()
    {
        var packed = PositiveDefinite(3);
        var expected = Dense(packed).Inverse();
        Assert.True((Dense(PackedMatrix.Invert(packed, N)) - expected).FrobeniusNorm() < 1e-10 * expected.FrobeniusNorm());
    }

    [Fact]
    public void Solving_a_factored_system_gives_what_an_independent_library_gives()
    {
        var packed = PositiveDefinite(4);
        var b = Numbers(5, N);
        var expected = Dense(packed).Cholesky().Solve(Vector<double>.Build.DenseOfArray(b));
        PackedMatrix.Cholesky(packed, N);
        PackedMatrix.Solve(packed, b);
        for (var i = 0; i < N; i++)
        {
            Assert.Equal(expected[i], b[i], 1e-10);
        }
    }

    [Fact]
    public void Products_are_those_of_the_full_matrix()
    {
        var packed = PositiveDefinite(6);
        var x = Numbers(7, N);
        x[3] = 0;
        var expected = Dense(packed) * Vector<double>.Build.DenseOfArray(x);
        var y = new double[N];
        PackedMatrix.Multiply(packed, x, y);
        for (var i = 0; i < N; i++)
        {
            Assert.Equal(expected[i], y[i], 1e-10);
        }

        Assert.Equal(expected.DotProduct(Vector<double>.Build.DenseOfArray(x)), PackedMatrix.Quadratic(packed, x), 1e-9);
    }

    [Fact]
    public void An_inverse_updated_a_hundred_thousand_times_is_still_the_inverse()
    {
        var diagonal = new double[N];
        Array.Fill(diagonal, 5);
        var sum = PackedMatrix.Diagonal(diagonal);
        var inverse = PackedMatrix.Invert(sum, N);
        var scratch = new double[N];
        for (var i = 0; i < 100_000; i++)
        {
            var x = Numbers((ulong)(100 + i), N);
            x[0] = 1;
            PackedMatrix.AddOuter(sum, x, 1);
            PackedMatrix.AddOuterToInverse(inverse, x, 1, scratch);
        }

        var identity = Dense(sum) * Dense(inverse);
        Assert.True((identity - Matrix<double>.Build.DenseIdentity(N)).FrobeniusNorm() < 1e-9);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_matrix_that_is_not_positive_definite_is_refused(double pivot)
    {
        var packed = PackedMatrix.Diagonal([1, pivot, 1]);
        Assert.Throws<ArithmeticException>(() => PackedMatrix.Cholesky(packed, 3));
    }

    [Fact]
    public void Eigenvalues_are_those_of_an_independent_library()
    {
        var dense = Dense(PositiveDefinite(8));
        var (values, vectors) = SymmetricEigen.Jacobi(dense.ToArray());
        var expected = dense.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).Order().ToArray();
        var found = values.Order().ToArray();
        for (var i = 0; i < N; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-9);
        }

        var v = Matrix<double>.Build.DenseOfArray(vectors);
        var rebuilt = v * Matrix<double>.Build.DenseOfDiagonalArray(values) * v.Transpose();
        Assert.True((rebuilt - dense).FrobeniusNorm() < 1e-9 * dense.FrobeniusNorm());
    }

    private static double[] PositiveDefinite(ulong seed)
    {
        var matrix = PackedMatrix.Diagonal([.. Enumerable.Repeat(0.5, N)]);
        for (var i = 0; i < 40; i++)
        {
            PackedMatrix.AddOuter(matrix, Numbers((seed * 1000) + (ulong)i, N), 1);
        }

        return matrix;
    }

    private static double[] Numbers(ulong seed, int count) =>
        [.. Enumerable.Range(0, count).Select(j => (2 * CounterRandom.Uniform(seed, (ulong)j)) - 1)];

    private static Matrix<double> Dense(double[] packed) =>
        Matrix<double>.Build.Dense(N, N, (i, j) => packed[(Math.Max(i, j) * (Math.Max(i, j) + 1) / 2) + Math.Min(i, j)]);
}
