using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>Ridge regression of many targets on the same rows: (X'X + penalty I) theta = X'y, the bias penalised by 1.</summary>
internal sealed class RidgeRegression
{
    private readonly double[][] _rows;
    private readonly double[] _factor;
    private readonly int _dimension;

    public RidgeRegression(IReadOnlyList<WarmStartRow> rows, double penalty)
        : this([.. rows.Select(r => Array.ConvertAll(r.Context, v => (double)v))], penalty)
    {
    }

    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="penalty">Above 0.</param>
    public RidgeRegression(double[][] rows, double penalty)
    {
        _rows = rows;
        _dimension = rows[0].Length;
        _factor = new double[PackedMatrix.Length(_dimension)];
        foreach (var row in rows)
        {
            PackedMatrix.AddOuter(_factor, row, 1);
        }

        var diagonal = new double[_dimension];
        Array.Fill(diagonal, penalty);
        diagonal[0] = 1;
        TensorPrimitives.Add<double>(_factor, PackedMatrix.Diagonal(diagonal), _factor);
        PackedMatrix.Cholesky(_factor, _dimension);
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
}
