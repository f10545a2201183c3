using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Evidence;

/// <summary>
/// Fills the holes of a table by what its rows have in common: the rows are taken as draws of one multivariate normal distribution, whose mean and covariance
/// are found by expectation-maximisation (Dempster, Laird and Rubin 1977), and a hole becomes its expectation given what is known of its row.
/// So a column that was seldom measured is corrected for whether it was measured in easy rows or in hard ones. Rows of a kind have means of their own, drawn to those of all.
/// </summary>
internal static class CompletedTable
{
    private const int Rounds = 20;

    // Rows' worth of the prior: columns vary alike, and a third of what varies is common to all.
    private const double CovarianceRows = 20;
    private const double CommonShare = 1.0 / 3;

    // Rows' worth of the mean of all columns in that of each.
    private const double MeanRows = 1;

    // Rows' worth of a column's mean over all rows in that over the rows of a kind.
    private const double KindRows = 3;

    /// <summary>Fills in place.</summary>
    /// <param name="table">Rows of equal length; NaN is a hole. A table without any number stays as it is.</param>
    /// <param name="kinds">Per row, the number of its kind, from 0.</param>
    /// <param name="noise">Per row and column, the variance with which a number was measured: it too becomes its expectation, where that is above 0. Null for none.</param>
    public static void Fill(double[][] table, int[] kinds, double[][]? noise = null)
    {
        var known = Array.ConvertAll(table, row => Enumerable.Range(0, row.Length).Where(a => !double.IsNaN(row[a])).ToArray());
        var count = known.Sum(k => k.Length);
        if (count == 0 || (count == table.Length * table[0].Length && noise is null))
        {
            return;
        }

        var measured = noise is null ? null : Array.ConvertAll(table, row => (double[])row.Clone());
        var columns = table[0].Length;
        var centre = table.Sum(row => row.Where(v => !double.IsNaN(v)).Sum()) / count;
        var spread = table.Sum(row => row.Where(v => !double.IsNaN(v)).Sum(v => (v - centre) * (v - centre))) / count;
        spread = Math.Max(1e-6, spread - (noise is null ? 0 : noise.Zip(known, (row, of) => of.Sum(a => row[a])).Sum() / count));
        var prior = Prior(columns, spread);
        var means = Enumerable.Repeat(Means(table, centre, noise, spread), kinds.Max() + 1).ToArray();
        var covariance = (double[])prior.Clone();
        for (var round = 0; ; round++)
        {
            var last = round == Rounds;
            var scatter = last ? null : new double[prior.Length];
            for (var i = 0; i < table.Length; i++)
            {
                Expect(table[i], measured?[i] ?? table[i], noise?[i], known[i], means[kinds[i]], covariance, scatter);
            }

            if (scatter is null)
            {
                return;
            }

            means = MeansOfKinds(table, kinds, means.Length, centre);
            Maximise(table, kinds, means, prior, scatter, covariance);
        }
    }

    private static double[] Prior(int columns, double spread)
    {
        var prior = new double[PackedMatrix.Length(columns)];
        for (int i = 0, e = 0; i < columns; i++)
        {
            for (var j = 0; j <= i; j++, e++)
            {
                prior[e] = i == j ? spread : CommonShare * spread;
            }
        }

        return prior;
    }

    private static double[] Means(double[][] table, double centre, double[][]? noise, double spread)
    {
        var mean = new double[table[0].Length];
        for (var a = 0; a < mean.Length; a++)
        {
            var (sum, rows) = (MeanRows * centre, MeanRows);
            for (var i = 0; i < table.Length; i++)
            {
                if (!double.IsNaN(table[i][a]))
                {
                    var weight = noise is null ? 1 : spread / (spread + noise[i][a]);
                    sum += weight * table[i][a];
                    rows += weight;
                }
            }

            mean[a] = sum / rows;
        }

        return mean;
    }

    // Holes and what was measured with noise become their expectation; their covariance, given what is known, goes into the scatter.
    private static void Expect(double[] row, double[] measured, double[]? noise, int[] known, double[] mean, double[] covariance, double[]? scatter)
    {
        int[] unsure = [.. Enumerable.Range(0, row.Length).Where(a => noise?[a] > 0 || !known.Contains(a))];
        if (unsure.Length == 0)
        {
            return;
        }

        var factor = Factor(covariance, known, noise);
        var surprise = Array.ConvertAll(known, a => measured[a] - mean[a]);
        PackedMatrix.Solve(factor, surprise);
        var gains = new double[unsure.Length][];
        for (var h = 0; h < unsure.Length; h++)
        {
            var across = Array.ConvertAll(known, a => Entry(covariance, unsure[h], a));
            row[unsure[h]] = mean[unsure[h]] + Kernels.Dot(across, surprise);
            if (scatter is not null)
            {
                gains[h] = (double[])across.Clone();
                PackedMatrix.Solve(factor, gains[h]);
                for (var g = 0; g <= h; g++)
                {
                    var rest = Entry(covariance, unsure[h], unsure[g]) - Kernels.Dot(gains[g], across);
                    scatter[Position(unsure[h], unsure[g])] += rest;
                }
            }
        }
    }

    private static double[] Factor(double[] covariance, int[] known, double[]? noise)
    {
        var factor = new double[PackedMatrix.Length(known.Length)];
        for (int i = 0, e = 0; i < known.Length; i++)
        {
            for (var j = 0; j <= i; j++, e++)
            {
                factor[e] = Entry(covariance, known[i], known[j]) + (i == j && noise is not null ? noise[known[i]] : 0);
            }
        }

        PackedMatrix.Cholesky(factor, known.Length);
        return factor;
    }

    private static double[][] MeansOfKinds(double[][] table, int[] kinds, int count, double centre)
    {
        var columns = table[0].Length;
        var all = Enumerable.Range(0, columns).Select(a => (table.Sum(row => row[a]) + (MeanRows * centre)) / (table.Length + MeanRows)).ToArray();
        var means = Enumerable.Range(0, count).Select(_ => Array.ConvertAll(all, mean => KindRows * mean)).ToArray();
        var rows = new int[count];
        for (var i = 0; i < table.Length; i++)
        {
            rows[kinds[i]]++;
            Kernels.MultiplyAdd(table[i], 1, means[kinds[i]]);
        }

        for (var k = 0; k < count; k++)
        {
            for (var a = 0; a < columns; a++)
            {
                means[k][a] /= rows[k] + KindRows;
            }
        }

        return means;
    }

    private static void Maximise(double[][] table, int[] kinds, double[][] means, double[] prior, double[] scatter, double[] covariance)
    {
        var difference = new double[table[0].Length];
        for (var i = 0; i < table.Length; i++)
        {
            for (var a = 0; a < difference.Length; a++)
            {
                difference[a] = table[i][a] - means[kinds[i]][a];
            }

            PackedMatrix.AddOuter(scatter, difference, 1);
        }

        for (var e = 0; e < covariance.Length; e++)
        {
            covariance[e] = (scatter[e] + (CovarianceRows * prior[e])) / (table.Length + CovarianceRows);
        }
    }

    private static double Entry(double[] matrix, int i, int j) => matrix[Position(i, j)];

    private static int Position(int i, int j) => i >= j ? PackedMatrix.Length(i) + j : PackedMatrix.Length(j) + i;
}
