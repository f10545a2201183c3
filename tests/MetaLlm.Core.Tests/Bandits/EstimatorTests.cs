using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class EstimatorTests
{
    private const int Dimension = 5;

    [Fact]
    public void Ridge_regression_is_that_of_an_independent_library()
    {
        var rows = Rows(60);
        var target = Enumerable.Range(0, 60).Select(i => CounterRandom.Uniform(9, (ulong)i)).ToArray();
        var x = Matrix<double>.Build.DenseOfRowArrays(rows);
        var penalty = Matrix<double>.Build.DenseOfDiagonalArray([1, 7, 7, 7, 7]);
        var expected = (x.TransposeThisAndMultiply(x) + penalty).Solve(x.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(target)));
        Close(expected, new RidgeRegression(rows, 7).Fit(target), 1e-10);
    }

    [Fact]
    public void The_best_penalty_is_the_one_whose_fits_without_a_row_predict_that_row_best()
    {
        var rows = Rows(30);
        double[] penalties = [1000, 100, 10, 1];
        for (var draw = 0UL; draw < 5; draw++)
        {
            double[] target = [.. rows.Select((r, i) => (0.1 * (r[1] - r[3])) + CounterRandom.Uniform(40 + draw, (ulong)i) - 0.5)];
            var expected = penalties.MinBy(p => Enumerable.Range(0, 30).Sum(left => Math.Pow(target[left] - Without(left, p, target), 2)));
            Assert.Equal(new RidgeRegression(rows, expected).Fit(target), RidgeRegression.Best(rows, [target], penalties).Fit(target));
        }

        double Without(int left, double penalty, double[] target) => Kernels.Dot(
            new RidgeRegression([.. rows.Where((_, i) => i != left)], penalty).Fit([.. target.Where((_, i) => i != left)]), rows[left]);
    }

    [Fact]
    public void Output_that_follows_from_nothing_is_predicted_alike_for_every_query_and_output_that_follows_is_not()
    {
        var rows = Rows(120);
        var noisy = Predicted(i => Math.Exp(5 + (2 * CounterRandom.Uniform(77, (ulong)i))));
        var lawful = Predicted(i => Math.Exp(5 + (0.8 * rows[i][2])));
        Assert.True(noisy.Max() < 1.15 * noisy.Min(), $"{noisy.Min()} to {noisy.Max()}");
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(1, lawful[i] / Math.Exp(5 + (0.8 * rows[i][2])), 0.1);
        }

        double[] Predicted(Func<int, double> output)
        {
            var model = new TokenModel(Dimension);
            model.SetArms([Log.Arm("one", 0.01)], [-1]);
            model.WarmStart(
                [.. rows.Select((r, i) => new WarmStartRow(Array.ConvertAll(r, v => (float)v), 20, [1], [new TokenUsage(20, 0, output(i))], [0.01], [double.NaN]))]);
            return Array.ConvertAll(rows, r =>
            {
                model.Predict(0, r, 20, out var tokens);
                return tokens;
            });
        }
    }

    [Fact]
    public void Cold_coefficients_are_the_hierarchical_posterior()
    {
        var model = new QualityModel(Dimension, Dimension, pooledRidge: 20, armRidge: 50, armBiasRidge: 4);
        model.SetArms([-1, -1]);
        var rows = Rows(40);
        var rewards = Enumerable.Range(0, 40).Select(i => CounterRandom.Uniform(8, (ulong)i)).ToArray();
        for (var i = 0; i < 40; i++)
        {
            model.Learn(i % 2, rows[i], rewards[i], double.NaN, explored: false);
        }

        var x = Matrix<double>.Build.DenseOfRowArrays(rows);
        var y = Vector<double>.Build.DenseOfEnumerable(rewards.Select(r => r - 0.5));
        var pooledRidge = Matrix<double>.Build.DenseOfDiagonalArray([0.5, 20, 20, 20, 20]);
        var pooled = (x.TransposeThisAndMultiply(x) + pooledRidge).Solve(x.TransposeThisAndMultiply(y));
        var odd = Enumerable.Range(0, 20).Select(i => (2 * i) + 1).ToArray();
        var xa = Matrix<double>.Build.DenseOfRows(odd.Select(i => x.Row(i)));
        var ya = Vector<double>.Build.DenseOfEnumerable(odd.Select(i => y[i]));
        var armRidge = Matrix<double>.Build.DenseOfDiagonalArray([4, 50, 50, 50, 50]);
        var theta = (xa.TransposeThisAndMultiply(xa) + armRidge).Solve(xa.TransposeThisAndMultiply(ya) + (armRidge * pooled));
        Assert.Equal(0.5 + (theta * x.Row(3)), Predict(model, 1, rows[3]), 1e-10);
        var variance = x.Row(3) * (xa.TransposeThisAndMultiply(xa) + armRidge).Inverse() * x.Row(3);
        Assert.Equal(variance, Variance(model, 1, rows[3]), 1e-10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_correction_equals_having_had_the_new_reward_from_the_start(bool warm)
    {
        var corrected = Model(warm);
        var straight = Model(warm);
        var rows = Rows(50);
        for (var i = 0; i < 50; i++)
        {
            corrected.Learn(i % 3, rows[i], 0.2, double.NaN, explored: false);
            straight.Learn(i % 3, rows[i], i == 10 ? 0.9 : 0.2, double.NaN, explored: false);
        }

        corrected.Learn(10 % 3, rows[10], 0.5, 0.2, explored: false);
        corrected.Learn(10 % 3, rows[10], 0.9, 0.5, explored: false);
        for (var a = 0; a < 3; a++)
        {
            Assert.Equal(Predict(straight, a, rows[7]), Predict(corrected, a, rows[7]), 1e-9);
            Assert.Equal(Variance(straight, a, rows[7]), Variance(corrected, a, rows[7]), 1e-12);
        }
    }

    [Fact]
    public void Drift_is_found_soon_and_steady_noise_raises_no_alarm()
    {
        var detector = new DriftDetector();
        for (ulong i = 0; i < 20_000; i++)
        {
            Assert.False(detector.Observe(Noise(i)));
        }

        var waited = 0;
        while (!detector.Observe(Noise((ulong)(30_000 + waited)) - 1))
        {
            waited++;
        }

        Assert.InRange(waited, 10, 60);

        static double Noise(ulong i) => Math.Sqrt(12) * (CounterRandom.Uniform(5, i) - 0.5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_arm_whose_rewards_collapse_is_relearned_in_a_few_dozen_rewards(bool warm)
    {
        var model = Model(warm);
        var rows = Rows(600);
        for (var i = 0; i < 600; i++)
        {
            var noise = 0.3 * (CounterRandom.Uniform(6, (ulong)i) - 0.5);
            model.Learn(1, rows[i], (i < 500 ? 0.8 : 0.3) + noise, double.NaN, explored: false);
        }

        Assert.InRange(Predict(model, 1, [1, 0, 0, 0, 0]), 0.2, 0.42);
    }

    [Fact]
    public void Every_reward_teaches_every_arm_of_a_cold_tenant()
    {
        var model = Model(warm: false);
        var x = Rows(1)[0];
        var before = Predict(model, 2, x);
        for (var i = 0; i < 30; i++)
        {
            model.Learn(0, x, 1, double.NaN, explored: false);
        }

        Assert.True(Predict(model, 2, x) > before + 0.1);
        Assert.True(Predict(model, 0, x) > Predict(model, 2, x));
    }

    [Fact]
    public void The_stack_finds_what_is_there_and_shrinks_what_is_noise()
    {
        var rows = Rows(600);
        var signal = Array.ConvertAll(rows, r => new[] { 0.5 + (0.1 * r[1]), 0.5 - (0.1 * r[1]), 0.5 });
        var noise = Enumerable.Range(0, 600).Select(i => Enumerable.Range(0, 3).Select(a => CounterRandom.Uniform((ulong)a, (ulong)i)).ToArray()).ToArray();
        StackBase[] bases = [new([0, 1, 2], 10), new([0, 1, 2, 3, 4], 10)];
        var found = CanonicalStack.Fit(rows, signal, bases, [[1, 2], [3, 4]]);
        Assert.Equal(0.1, found.Thetas[0][1], 0.01);
        Assert.Equal(-0.1, found.Thetas[1][1], 0.01);
        var nothing = CanonicalStack.Fit(rows, noise, bases, [[1, 2], [3, 4]]);
        var plain = new RidgeRegression(rows, 10);
        for (var a = 0; a < 3; a++)
        {
            var overfit = plain.Fit([.. noise.Select(r => r[a] - 0.5)]);
            Assert.True(nothing.Thetas[a][1..].Sum(Math.Abs) < 0.8 * overfit[1..].Sum(Math.Abs) + 1e-3);
        }
    }

    [Fact]
    public void With_many_bases_noise_earns_next_to_nothing()
    {
        var rows = Rows(150);
        var noise = Enumerable.Range(0, 150).Select(i => Enumerable.Range(0, 12).Select(a => CounterRandom.Uniform((ulong)a + 70, (ulong)i)).ToArray()).ToArray();
        StackBase[] bases = [new([0, 1], 10), new([0, 1, 2], 10), new([0, 3], 10), new([0, 1, 2, 3, 4], 10)];
        var found = CanonicalStack.Fit(rows, noise, bases, [[1, 2], [3, 4]]);
        var spread = Math.Sqrt(rows.Average(r => found.Thetas.Average(t => Math.Pow(Kernels.Dot(t.AsSpan(1), r.AsSpan(1)), 2))));
        var plain = Enumerable.Range(0, 12).Select(a => new RidgeRegression(rows, 10).Fit([.. noise.Select(r => r[a] - 0.5)])).ToArray();
        var plainSpread = Math.Sqrt(rows.Average(r => plain.Average(t => Math.Pow(Kernels.Dot(t.AsSpan(1), r.AsSpan(1)), 2))));
        Assert.True(spread < 0.5 * plainSpread, $"{spread} against {plainSpread}");
    }

    [Fact]
    public void Cost_follows_what_calls_really_used_and_prices_come_last()
    {
        var model = new TokenModel(Dimension);
        var arms = new[] { Log.Arm("terse", 0.01), Log.Arm("wordy", 0.01), Log.Arm("unknown", 0.01) };
        model.SetArms(arms, [-1, -1, -1]);
        var rows = Rows(200);
        for (var i = 0; i < 200; i++)
        {
            model.Observe(i % 2, rows[i], new TokenUsage(20, 0, i % 2 == 0 ? 10 : 1000), 20, default);
        }

        model.Predict(0, rows[0], 20, out var terse);
        var cost = model.Predict(1, rows[0], 20, out var wordy);
        Assert.InRange(terse, 8, 12);
        Assert.InRange(wordy, 800, 1200);
        Assert.Equal(wordy * 0.0001, cost, 1e-12);
        Assert.True(model.Optimism(2) < 0.3);
        Assert.Equal(1, model.Optimism(0));
        model.SetArms([arms[0], arms[1] with { Prices = new TokenPrices(0, 0, 0.001) }, arms[2]], [0, 1, 2]);
        Assert.Equal(wordy * 0.001, model.Predict(1, rows[0], 20, out _), 1e-12);
    }

    [Fact]
    public void Token_counts_of_any_scale_are_learned_from_a_few_calls()
    {
        var model = new TokenModel(Dimension);
        model.SetArms([Log.Arm("a", 1), Log.Arm("b", 1)], [-1, -1]);
        var rows = Rows(8);
        for (var i = 0; i < 8; i++)
        {
            model.Observe(i % 2, rows[i], new TokenUsage(0, 0, i % 2 == 0 ? 1e-5 : 1e-3), 0, default);
        }

        model.Predict(0, rows[0], 1, out var small);
        model.Predict(1, rows[1], 1, out var large);
        Assert.InRange(small, 0.4e-5, 3e-5);
        Assert.InRange(large, 0.4e-3, 3e-3);
    }

    [Fact]
    public void The_dual_curve_gives_the_price_at_which_a_sample_costs_the_target()
    {
        var sample = Enumerable.Range(0, 500)
            .Select(i => (Quality: new[] { 0.5, 0.5 + (0.3 * CounterRandom.Uniform(1, (ulong)i)) }, Cost: new[] { 0.001, 0.011 })).ToList();
        var curve = DualCurve.Fit(sample);
        var price = curve.PriceAt(0.006);
        var cost = sample.Average(s => s.Quality[1] - (price * s.Cost[1]) > s.Quality[0] - (price * s.Cost[0]) ? s.Cost[1] : s.Cost[0]);
        Assert.Equal(0.006, cost, 0.0005);
        Assert.Equal(0, curve.PriceAt(0.02));
        Assert.Equal(price, DualCurve.FromTable(curve.Table)!.PriceAt(0.006));
    }

    private static QualityModel Model(bool warm)
    {
        var model = new QualityModel(Dimension, Dimension, 20, 50, 4);
        model.SetArms([-1, -1, -1]);
        if (warm)
        {
            var means = Enumerable.Range(0, 3).Select(a => new[] { 0.4 + (0.1 * a), 0.01, 0, 0.02, 0 }).ToArray();
            model.WarmStart(means, PackedMatrix.Diagonal([90, 80, 70, 60, 50]), [0.3, 0.3, 0.3]);
        }

        return model;
    }

    private static double Predict(QualityModel model, int arm, double[] x)
    {
        var (quality, variance) = (new double[8], new double[8]);
        model.Predict(x, quality, variance);
        return quality[arm];
    }

    private static double Variance(QualityModel model, int arm, double[] x)
    {
        var (quality, variance) = (new double[8], new double[8]);
        model.Predict(x, quality, variance);
        return variance[arm];
    }

    private static double[][] Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, Dimension)
            .Select(j => j == 0 ? 1 : (4 * CounterRandom.Uniform((ulong)i + 50, (ulong)j)) - 2).ToArray())];

    private static void Close(Vector<double> expected, double[] found, double tolerance)
    {
        for (var i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }
}
