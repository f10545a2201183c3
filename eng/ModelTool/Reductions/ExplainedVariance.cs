using MathNet.Numerics.LinearAlgebra;

namespace MetaLlm.ModelTool.Reductions;

/// <summary>How much of the variance of some vectors a set of directions keeps.</summary>
internal sealed class ExplainedVariance
{
    private readonly Matrix<double> _covariance;
    private readonly double[] _eigenvalues;

    public ExplainedVariance(IReadOnlyList<float[]> vectors)
    {
        (_, _covariance) = PrincipalComponents.Covariance(vectors);
        _eigenvalues = [.. _covariance.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];
    }

    /// <summary>The share that the best <paramref name="count"/> directions keep: no others keep more.</summary>
    public double Best(int count) => _eigenvalues.Take(count).Sum() / _covariance.Trace();

    /// <summary>The share that orthonormal directions keep: trace(W C W') / trace(C).</summary>
    public double Of(ReadOnlySpan<float> rows)
    {
        var dimensions = _covariance.RowCount;
        var values = rows.ToArray();
        var directions = Matrix<double>.Build.Dense(values.Length / dimensions, dimensions, (row, column) => values[row * dimensions + column]);
        return (directions * _covariance * directions.Transpose()).Trace() / _covariance.Trace();
    }
}
