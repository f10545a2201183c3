using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Embeddings.Reductions;

namespace MetaLlm.ModelTool.Reductions;

/// <summary>The directions along which a set of vectors varies most, and their mean.</summary>
/// <param name="Rows">Orthonormal directions, [components x dimensions], row-major.</param>
/// <param name="Mean">Mean vector.</param>
/// <param name="Scale">1 over the standard deviation along the first direction.</param>
internal sealed record PrincipalComponents(float[] Rows, float[] Mean, float Scale)
{
    public static PrincipalComponents Fit(IReadOnlyList<float[]> vectors, int count)
    {
        var dimensions = vectors[0].Length;
        var (mean, covariance) = Covariance(vectors);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var rows = new float[count * dimensions];
        for (var component = 0; component < count; component++)
        {
            // Eigenvalues ascend. The sign of a direction is free; the largest entry positive makes it unique.
            var direction = eigen.EigenVectors.Column(dimensions - 1 - component);
            var sign = Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
            for (var i = 0; i < dimensions; i++)
            {
                rows[component * dimensions + i] = (float)(sign * direction[i]);
            }
        }

        var scale = (float)(1 / Math.Sqrt(eigen.EigenValues[dimensions - 1].Real));
        return new PrincipalComponents(rows, [.. mean.Select(entry => (float)entry)], scale);
    }

    /// <summary>Mean and covariance of the vectors.</summary>
    public static (Vector<double> Mean, Matrix<double> Covariance) Covariance(IReadOnlyList<float[]> vectors)
    {
        var data = Matrix<double>.Build.Dense(vectors.Count, vectors[0].Length, (row, column) => vectors[row][column]);
        var mean = data.ColumnSums() / vectors.Count;
        return (mean, data.TransposeThisAndMultiply(data) / vectors.Count - mean.OuterProduct(mean));
    }

    public byte[] ToReductionFile() => ReductionFile.Format(Mean.Length, Rows, Mean, Scale);
}
