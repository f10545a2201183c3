using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class EmpiricalRidgesTests
{
    private const int Dimension = 7;
    private const int Arms = 3;
    private const double Centre = 100;
    private const double BiasRidge = 50;
    private static readonly int[][] Groups = [[1, 2, 3], [4, 5, 6]];

    [Fact]
    public void Each_step_goes_where_the_evidence_is_larger_as_an_independent_library_computes_it()
    {
        var grams = new List<double[]>();
        var moments = new List<double[]>();
        for (var a = 0; a < Arms; a++)
        {
            var gram = new double[PackedMatrix.Length(Dimension)];
            var moment = new double[Dimension];
            for (var i = 0; i < 300; i++)
            {
                var z = Context((ulong)((a * 1000) + i));
                PackedMatrix.AddOuter(gram, z, 1);
                Kernels.MultiplyAdd(z, (0.3 * z[1 + a]) + Noise((a * 1000) + i), moment);
            }

            grams.Add(gram);
            moments.Add(moment);
        }

        double[] precision = [BiasRidge, .. Enumerable.Repeat(Centre, Dimension - 1)];
        var found = (double[])precision.Clone();
        new EmpiricalRidges(Groups, Centre).Move(found, grams, moments, 0.1);

        double[] ridges = [Centre, Centre];
        for (var g = 0; g < 2; g++)
        {
            ridges[g] = new[] { Centre, Centre / 2, Centre * 2 }.MaxBy(ridge => Evidence(ridges.Select((r, i) => i == g ? ridge : r).ToArray()));
        }

        Assert.Equal([BiasRidge, ridges[0], ridges[0], ridges[0], ridges[1], ridges[1], ridges[1]], found);
        Assert.Equal(Centre / 2, ridges[0]);
        Assert.Equal(Centre * 2, ridges[1]);

        double Evidence(double[] of)
        {
            var prior = Vector<double>.Build.Dense([BiasRidge, of[0], of[0], of[0], of[1], of[1], of[1]]);
            var sum = of.Sum(r => -0.5 * Math.Pow(Math.Log(r / Centre) / 1.5, 2));
            for (var a = 0; a < Arms; a++)
            {
                var matrix = Matrix<double>.Build.Dense(Dimension, Dimension, (i, j) => grams[a][(Math.Max(i, j) * (Math.Max(i, j) + 1) / 2) + Math.Min(i, j)]) + Matrix<double>.Build.Diagonal(prior.ToArray());
                var moment = Vector<double>.Build.Dense(moments[a]);
                sum += 0.5 * ((moment.DotProduct(matrix.Solve(moment)) / 0.1) + prior.PointwiseLog().Sum() - Math.Log(matrix.Determinant()));
            }

            return sum;
        }
    }

    [Fact]
    public void It_is_as_if_the_ridges_that_were_found_had_held_from_the_start()
    {
        // 70 rewards: the ridges move at the 60th, and not again.
        var moving = new QualityModel(Dimension, Dimension, 30, Centre, BiasRidge, new EmpiricalRidges([Groups[0], Groups[1]], Centre));
        var still = new QualityModel(Dimension, Dimension, 30, Centre / 2, BiasRidge);
        foreach (var model in new[] { moving, still })
        {
            model.SetArms([-1, -1, -1]);
            for (var i = 0; i < 70; i++)
            {
                var z = Context((ulong)i);
                var arm = i % Arms;
                model.Learn(arm, z, Math.Clamp(0.5 + (0.35 * (z[1 + arm] + z[4 + arm])) + Noise(i), 0, 1), double.NaN, explored: false);
            }
        }

        var (found, expected) = (new double[Arms], new double[Arms]);
        var (foundVariance, expectedVariance) = (new double[Arms], new double[Arms]);
        moving.Predict(Context(999), found, foundVariance);
        still.Predict(Context(999), expected, expectedVariance);
        for (var a = 0; a < Arms; a++)
        {
            Assert.Equal(expected[a], found[a], 1e-9);
            Assert.Equal(expectedVariance[a], foundVariance[a], 1e-9);
        }
    }

    [Fact]
    public void Specialists_loosen_the_tie_and_arms_that_differ_by_their_level_alone_tighten_it()
    {
        // How much further an arm's own slope goes than the shared one: the spread of the arms' predictions along their own features.
        double Spread(double slope)
        {
            var driver = new PolicyDriver("metallm-cold", new(1, Dimension - 1, 0, 0), Arms);
            for (var i = 0; i < 900; i++)
            {
                var x = PolicyDriver.Context(Dimension, (ulong)i);
                var arm = i % Arms;
                driver.Choose(arm);
                driver.Settle(arm, x, 0.0004);
                driver.Reward(arm, x, Math.Clamp(0.4 + (0.1 * arm) + (slope * x[1 + arm]) + Noise(i), 0, 1));
            }

            double Quality(int arm, float own)
            {
                var x = new float[Dimension];
                x[0] = 1;
                x[1 + arm] = own;
                return driver.Decide(x).Quality[arm];
            }

            return Enumerable.Range(0, Arms).Average(a => Quality(a, 1) - Quality(a, 0));
        }

        Assert.InRange(Spread(0.3), 0.27, 0.32);
        Assert.InRange(Spread(0), -0.015, 0.015);
    }

    [Fact]
    public void An_arm_that_a_quiz_has_told_of_predicts_the_same_after_the_move()
    {
        var moving = new QualityModel(Dimension, Dimension, 30, Centre, BiasRidge, new EmpiricalRidges([Groups[0], Groups[1]], Centre));
        var still = new QualityModel(Dimension, Dimension, 30, Centre, BiasRidge);
        foreach (var model in new[] { moving, still })
        {
            model.SetArms([-1, -1, -1]);
            model.Quiz(2, [.. Enumerable.Range(0, 20).Select(i => Context((ulong)(5000 + i)))], [.. Enumerable.Range(0, 20).Select(i => new[] { double.NaN, double.NaN, i % 2 })]);
            for (var i = 0; i < 60; i++)
            {
                var z = Context((ulong)i);
                var arm = i % 2;
                model.Learn(arm, z, Math.Clamp(0.5 + (0.35 * (z[1 + arm] + z[4 + arm])) + Noise(i), 0, 1), double.NaN, explored: false);
            }
        }

        var (found, expected) = (new double[Arms], new double[Arms]);
        moving.Predict(Context(999), found, new double[Arms]);
        still.Predict(Context(999), expected, new double[Arms]);
        Assert.Equal(expected[2], found[2], 1e-9);
        Assert.NotEqual(expected[1], found[1], 1e-4);
    }

    [Fact]
    public void What_a_drifting_arm_was_when_a_quiz_told_of_it_is_kept_through_a_move()
    {
        var model = new QualityModel(Dimension, Dimension, 30, Centre, BiasRidge, new EmpiricalRidges([Groups[0], Groups[1]], Centre));
        model.SetArms([-1, -1, -1]);
        var rewards = 0;
        void Learn(int arm, double[] z, double reward)
        {
            model.Learn(arm, z, Math.Clamp(reward, 0, 1), double.NaN, explored: false);
            rewards++;
        }

        for (var i = 0; i < 20; i++)
        {
            var z = Context((ulong)i);
            Learn(i % 2, z, 0.5 + (0.35 * (z[1 + (i % 2)] + z[4 + (i % 2)])) + Noise(i));
        }

        model.Quiz(2, [.. Enumerable.Range(0, 100).Select(i => Context((ulong)(5000 + i)))], [.. Enumerable.Range(0, 100).Select(_ => new[] { double.NaN, double.NaN, 1.0 })]);
        for (var i = 0; model.Former(2) is null && rewards < 59; i++)
        {
            Learn(2, Context((ulong)(6000 + i)), 0);
        }

        for (var i = 100; rewards < 59; i++)
        {
            var z = Context((ulong)i);
            Learn(i % 2, z, 0.5 + (0.35 * (z[1 + (i % 2)] + z[4 + (i % 2)])) + Noise(i));
        }

        var former = Assert.IsType<ChangePointHypothesis>(model.Former(2));
        var known = former.Inverse.ToArray();
        Learn(0, Context(7000), 1);
        Assert.Same(former, model.Former(2));
        Assert.Equal(known, former.Inverse);
    }

    private static double[] Context(ulong key) => [.. PolicyDriver.Context(Dimension, key).Select(x => (double)x)];

    private static double Noise(int key) => 0.2 * (CounterRandom.Uniform(31, (ulong)key) - 0.5);
}
