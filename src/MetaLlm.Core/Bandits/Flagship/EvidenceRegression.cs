using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Ridge regression that finds its own penalties, one per block of the context, by maximising the probability of the targets
/// (MacKay 1992, the evidence framework): a block that tells nothing is penalised until it is silent, one that tells much is left
/// free. What a target does not follow from, it is not made to follow, so no held-out rows are spent on choosing.
/// </summary>
internal sealed class EvidenceRegression
{
    private const int Rounds = 15;
    private const double FirstPenalty = 50;

    // Features are about 1 in size: below 1 a penalty no longer tames anything, above the largest a block is silent.
    private const double LeastPenalty = 1;
    private const double LargestPenalty = 1e6;
    private const double BiasPenalty = 1;

    private readonly int _dimension;
    private readonly int[] _columns;
    private readonly int[] _groupOf;
    private readonly int[] _groupSizes;
    private readonly double[][] _narrow;
    private readonly double[] _gram;

    /// <param name="rows">X, one array a row; entry 0 is the bias.</param>
    /// <param name="groups">Disjoint sets of positions, without the bias; each gets a penalty of its own. Columns that are 0 in every row are left out.</param>
    public EvidenceRegression(double[][] rows, IReadOnlyList<int[]> groups)
    {
        _dimension = rows[0].Length;
        var kept = groups.Select(g => g.Where(c => rows.Any(r => r[c] != 0)).ToArray()).Where(g => g.Length > 0).ToArray();
        _columns = [0, .. kept.SelectMany(g => g)];
        _groupOf = [-1, .. kept.SelectMany((g, i) => Enumerable.Repeat(i, g.Length))];
        _groupSizes = Array.ConvertAll(kept, g => g.Length);
        _narrow = Array.ConvertAll(rows, row => Array.ConvertAll(_columns, c => row[c]));
        _gram = new double[PackedMatrix.Length(_columns.Length)];
        foreach (var row in _narrow)
        {
            PackedMatrix.AddOuter(_gram, row, 1);
        }
    }

    /// <summary>Fits one target.</summary>
    /// <param name="target">One centred number a row.</param>
    /// <param name="heldOut">Receives, per row, the prediction of the same regression without the row: y - (y - x'theta) / (1 - x'A^-1 x).</param>
    /// <returns>theta over the whole context.</returns>
    public double[] Fit(ReadOnlySpan<double> target, Span<double> heldOut)
    {
        var n = _columns.Length;
        var moments = new double[n];
        var squares = 0.0;
        for (var i = 0; i < _narrow.Length; i++)
        {
            Kernels.MultiplyAdd(_narrow[i], target[i], moments);
            squares += target[i] * target[i];
        }

        var noise = squares / _narrow.Length;
        var penalties = new double[_groupSizes.Length];
        Array.Fill(penalties, FirstPenalty);
        var theta = new double[n];
        var inverse = Solve(penalties, moments, theta);
        for (var round = 1; round < Rounds && noise > 0; round++)
        {
            noise = Update(penalties, noise, inverse, moments, theta, squares);
            inverse = Solve(penalties, moments, theta);
        }

        for (var i = 0; i < _narrow.Length; i++)
        {
            var leverage = Math.Clamp(PackedMatrix.Quadratic(inverse, _narrow[i]), 0, 0.99);
            heldOut[i] = target[i] - ((target[i] - Kernels.Dot(theta, _narrow[i])) / (1 - leverage));
        }

        var wide = new double[_dimension];
        for (var c = 0; c < n; c++)
        {
            wide[_columns[c]] = theta[c];
        }

        return wide;
    }

    // theta = A^-1 X'y with A = X'X + penalties; A^-1 is the posterior covariance in units of the noise.
    private double[] Solve(double[] penalties, double[] moments, double[] theta)
    {
        var diagonal = Array.ConvertAll(_groupOf, g => g < 0 ? BiasPenalty : penalties[g]);
        var precision = PackedMatrix.Diagonal(diagonal);
        TensorPrimitives.Add<double>(precision, _gram, precision);
        var inverse = PackedMatrix.Invert(precision, diagonal.Length);
        PackedMatrix.Multiply(inverse, moments, theta);
        return inverse;
    }

    // MacKay's fixed point: gamma_g = |g| - p_g tr_g(A^-1) coefficients of the block are determined by the rows;
    // p_g = noise * gamma_g / |theta_g|^2, noise = |y - X theta|^2 / (rows - sum gamma).
    private double Update(double[] penalties, double noise, double[] inverse, double[] moments, double[] theta, double squares)
    {
        var image = new double[theta.Length];
        PackedMatrix.Multiply(_gram, theta, image);
        var residual = Math.Max(0, squares - (2 * Kernels.Dot(theta, moments)) + Kernels.Dot(theta, image));
        var norms = new double[penalties.Length];
        var traces = new double[penalties.Length];
        for (var c = 1; c < theta.Length; c++)
        {
            norms[_groupOf[c]] += theta[c] * theta[c];
            traces[_groupOf[c]] += inverse[PackedMatrix.Length(c + 1) - 1];
        }

        var determined = 0.0;
        for (var g = 0; g < penalties.Length; g++)
        {
            var gamma = _groupSizes[g] - (penalties[g] * traces[g]);
            determined += gamma;
            penalties[g] = Math.Clamp(noise * gamma / Math.Max(1e-12, norms[g]), LeastPenalty, LargestPenalty);
        }

        return residual / Math.Max(1, _narrow.Length - determined);
    }
}
