using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class EvidenceRegressionTests
{
    private const int Count = 240;
    private static readonly int[][] Groups = [[1, 2], [3, 4, 5], [6]];

    [Fact]
    public void It_is_the_fixed_point_of_MacKays_updates_as_an_independent_library_computes_it()
    {
        var rows = Rows(Count);
        var target = Target(rows);
        var heldOut = new double[Count];
        var found = new EvidenceRegression(rows, Groups).Fit(target, heldOut);

        var x = Matrix<double>.Build.DenseOfRowArrays(rows);
        var y = Vector<double>.Build.DenseOfArray(target);
        double[] penalties = [50, 50, 50];
        var noise = y.DotProduct(y) / Count;
        for (var round = 1; round < 15; round++)
        {
            var (theta, inverse) = Solve(x, y, penalties);
            var determined = 0.0;
            for (var g = 0; g < Groups.Length; g++)
            {
                var gamma = Groups[g].Length - (penalties[g] * Groups[g].Sum(c => inverse[c, c]));
                determined += gamma;
                penalties[g] = Math.Clamp(noise * gamma / Groups[g].Sum(c => theta[c] * theta[c]), 1, 1e6);
            }

            noise = (y - (x * theta)).PointwisePower(2).Sum() / (Count - determined);
        }

        var (expected, _) = Solve(x, y, penalties);
        for (var c = 0; c < expected.Count; c++)
        {
            Assert.Equal(expected[c], found[c], 1e-9);
        }

        // The prediction without a row is the one of the same penalties on the other rows.
        var others = Enumerable.Range(0, Count).Where(i => i != 17).ToArray();
        var (without, _) = Solve(
            Matrix<double>.Build.DenseOfRows(others.Select(i => x.Row(i))), Vector<double>.Build.DenseOfEnumerable(others.Select(i => y[i])), penalties);
        Assert.Equal(without * x.Row(17), heldOut[17], 1e-9);
    }

    [Fact]
    public void Blocks_that_say_nothing_fall_silent_and_those_that_say_much_are_left_alone()
    {
        var rows = Rows(2000);
        var found = new EvidenceRegression(rows, Groups).Fit(Target(rows), new double[2000]);
        Assert.Equal(0.2, found[1], 0.01);
        Assert.Equal(-0.1, found[2], 0.01);
        Assert.All(found[3..6], t => Assert.Equal(0, t, 0.004));
    }

    [Fact]
    public void Pure_noise_is_predicted_by_its_mean()
    {
        var rows = Rows(Count);
        var noise = Enumerable.Range(0, Count).Select(i => CounterRandom.Uniform(31, (ulong)i) - 0.5).ToArray();
        var mean = noise.Average();
        var centred = Array.ConvertAll(noise, n => n - mean);
        var found = new EvidenceRegression(rows, Groups).Fit(centred, new double[Count]);
        var spread = Math.Sqrt(rows.Average(r => Math.Pow(Kernels.Dot(found, r), 2)));
        var ordinary = Math.Sqrt(6.0 / Count) * Math.Sqrt(1.0 / 12);
        Assert.True(spread < 0.75 * ordinary, $"{spread} against {ordinary} of ordinary least squares");
    }

    [Fact]
    public void A_target_that_never_varies_and_columns_that_are_never_set_give_zeros()
    {
        var rows = Rows(30);
        foreach (var row in rows)
        {
            row[6] = 0;
        }

        var heldOut = new double[30];
        Assert.All(new EvidenceRegression(rows, Groups).Fit(new double[30], heldOut), t => Assert.Equal(0, t));
        Assert.All(heldOut, h => Assert.Equal(0, h));
        Assert.Equal(0, new EvidenceRegression(rows, Groups).Fit(Target(rows), heldOut)[6]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Too_few_rows_to_hold_any_out_still_give_finite_coefficients(int count)
    {
        var rows = Rows(count);
        var rewards = Array.ConvertAll(rows, r => new[] { 0.5 + (0.1 * r[1]), 0.2, 0.9 });
        var fit = CanonicalStack.Fit(rows, rewards, [new([0, 1], 10), new([0, 3], 10)], Groups);
        Assert.All(fit.Thetas, t => Assert.All(t, v => Assert.True(double.IsFinite(v))));
        Assert.All(fit.HeldOut, h => Assert.All(h, v => Assert.InRange(v, -1, 2)));
        Assert.Equal(0.2, Kernels.Dot(fit.Thetas[1], rows[0]), 0.05);
    }

    [Fact]
    public void A_turn_of_the_arms_turns_the_coefficients()
    {
        var rows = Rows(300);
        var rewards = Array.ConvertAll(rows, r => new[] { 0.5 + (0.1 * r[1]), 0.4 - (0.05 * r[3]), 0.7 + (0.02 * r[2]) });
        StackBase[] bases = [new([0, 1, 2], 10), new([0, 6], 10)];
        var straight = CanonicalStack.Fit(rows, rewards, bases, Groups);
        var turned = CanonicalStack.Fit(rows, Array.ConvertAll(rewards, r => new[] { r[2], r[0], r[1] }), bases, Groups);
        for (var c = 0; c < rows[0].Length; c++)
        {
            Assert.Equal(straight.Thetas[0][c], turned.Thetas[1][c], 1e-8);
            Assert.Equal(straight.Thetas[2][c], turned.Thetas[0][c], 1e-8);
        }
    }

    private static (Vector<double> Theta, Matrix<double> Inverse) Solve(Matrix<double> x, Vector<double> y, double[] penalties)
    {
        var diagonal = new double[x.ColumnCount];
        diagonal[0] = 1;
        for (var g = 0; g < Groups.Length; g++)
        {
            foreach (var c in Groups[g])
            {
                diagonal[c] = penalties[g];
            }
        }

        var inverse = (x.TransposeThisAndMultiply(x) + Matrix<double>.Build.DenseOfDiagonalArray(diagonal)).Inverse();
        return (inverse * x.TransposeThisAndMultiply(y), inverse);
    }

    private static double[] Target(double[][] rows) =>
        [.. rows.Select((r, i) => (0.2 * r[1]) - (0.1 * r[2]) + (0.05 * r[6]) + (0.3 * (CounterRandom.Uniform(77, (ulong)i) - 0.5)))];

    private static double[][] Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, 7)
            .Select(j => j == 0 ? 1 : (4 * CounterRandom.Uniform((ulong)i + 500, (ulong)j)) - 2).ToArray())];
}
