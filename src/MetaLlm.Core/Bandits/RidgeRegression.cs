using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>Ridge regression of many targets on the same rows: (X'X + penalty I) theta = X'y, the bias penalised by 1.</summary>
internal sealed class RidgeRegression
{
    // A row that a fit follows altogether says nothing about rows that it has not seen.
    private const double LeastUnexplained = 0.01;

    private readonly double[][] _rows;
    private readonly double[] _factor;
    private readonly int _dimension;

    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="penalty">Above 0.</param>
    public RidgeRegression(double[][] rows, double penalty)
        : this(rows, Gram(rows), penalty)
    {
    }

    // X'X, packed, becomes the factor.
    private RidgeRegression(double[][] rows, double[] gram, double penalty)
    {
        _rows = rows;
        _dimension = rows[0].Length;
        _factor = gram;
        var diagonal = new double[_dimension];
        Array.Fill(diagonal, penalty);
        diagonal[0] = 1;
        TensorPrimitives.Add<double>(_factor, PackedMatrix.Diagonal(diagonal), _factor);
        PackedMatrix.Cholesky(_factor, _dimension);
    }

    /// <summary>
    /// The regression whose penalty predicts rows best that it was not fitted to: the one with the least leave-one-out errors
    /// (y - x'theta) / (1 - x'A^-1 x), every target in units of its own size (Allen's PRESS, 1974).
    /// </summary>
    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="targets">Centred targets, at least one, each with a number a row.</param>
    /// <param name="penalties">Candidates, above 0; among equals the first one is taken.</param>
    public static RidgeRegression Best(double[][] rows, IReadOnlyList<double[]> targets, ReadOnlySpan<double> penalties)
    {
        var gram = Gram(rows);
        RidgeRegression? best = null;
        var least = double.PositiveInfinity;
        foreach (var penalty in penalties)
        {
            var regression = new RidgeRegression(rows, [.. gram], penalty);
            var error = regression.HeldOutError(targets);
            if (best is null || error < least)
            {
                (best, least) = (regression, error);
            }
        }

        return best ?? throw new ArgumentException("No penalty is given.", nameof(penalties));
    }

    public double[] Row(int i) => _rows[i];

    /// <summary>theta for one target.</summary>
    public double[] Fit(ReadOnlySpan<double> target)
    {
        var theta = new double[_dimension];
        for (var i = 0; i < _rows.Length; i++)
        {
            Kernels.MultiplyAdd(_rows[i], target[i], theta);
        }

        PackedMatrix.Solve(_factor, theta);
        return theta;
    }

    private static double[] Gram(double[][] rows)
    {
        var gram = new double[PackedMatrix.Length(rows[0].Length)];
        foreach (var row in rows)
        {
            PackedMatrix.AddOuter(gram, row, 1);
        }

        return gram;
    }

    private double HeldOutError(IReadOnlyList<double[]> targets)
    {
        var unexplained = Array.ConvertAll(_rows, row =>
        {
            var solved = (double[])row.Clone();
            PackedMatrix.Solve(_factor, solved);
            return Math.Max(LeastUnexplained, 1 - Kernels.Dot(row, solved));
        });
        var sum = 0.0;
        foreach (var target in targets)
        {
            var theta = Fit(target);
            var (squares, size) = (0.0, 0.0);
            for (var i = 0; i < _rows.Length; i++)
            {
                var error = (target[i] - Kernels.Dot(theta, _rows[i])) / unexplained[i];
                squares += error * error;
                size += target[i] * target[i];
            }

            sum += size > 0 ? squares / size : 0;
        }

        return sum;
    }
}
