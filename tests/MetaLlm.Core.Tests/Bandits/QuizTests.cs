using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class QuizTests
{
    private const int Dimension = 12;
    private const int Newcomer = 3;
    private static readonly ContextBlocks Blocks = new(1, 11, 0, 0, 0);

    public static TheoryData<string> Policies => World.Policies;

    [Fact]
    public void The_fit_is_the_posterior_of_an_independent_library()
    {
        const int learned = 3;
        double[][] directions = [[1, 0, 0, 0, 0], [0.2, 0.5, -1, 0.3, 2]];
        double[] variances = [0.7, 1.3];
        var inverse = new[] { 0.5, 0.1, 0.4, -0.05, 0.02, 0.3 };
        var identity = new ArmIdentity(directions, variances, 0.9, inverse, learned);
        var rows = Enumerable.Range(0, 9).Select(i => Array.ConvertAll(PolicyDriver.Context(5, (ulong)i), v => (double)v)).ToArray();
        var surprises = Enumerable.Range(0, 9).Select(i => CounterRandom.Uniform(3, (ulong)i) - 0.4).ToArray();
        var helps = Enumerable.Range(0, 9).Select(i => CounterRandom.Uniform(4, (ulong)i) - 0.5).ToArray();
        for (var i = 0; i < 9; i++)
        {
            identity.Observe(rows[i], surprises[i], helps[i]);
        }

        var design = Matrix<double>.Build.DenseOfRows(rows.Select((x, i) => (IEnumerable<double>)
            [helps[i], .. directions.Select(d => d.Zip(x, (a, b) => a * b).Sum()), .. x[..learned]]));
        var prior = Matrix<double>.Build.DenseOfDiagonalArray([0.9, .. variances, 0.5, 0.4, 0.3]);
        (prior[3, 4], prior[3, 5], prior[4, 5]) = (0.1, -0.05, 0.02);
        (prior[4, 3], prior[5, 3], prior[5, 4]) = (0.1, -0.05, 0.02);
        var covariance = (design.TransposeThisAndMultiply(design) + prior.Inverse()).Inverse();
        var mean = covariance * design.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(surprises));
        double[] expected = [.. Enumerable.Range(0, 5).Select(c =>
            (mean[1] * directions[0][c]) + (mean[2] * directions[1][c]) + (c < learned ? mean[3 + c] : 0))];
        var found = new double[5];
        identity.AddTo(found);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-10));

        var fold = Matrix<double>.Build.DenseOfRows(Enumerable.Range(0, learned).Select(c => (IEnumerable<double>)
            [directions[0][c], directions[1][c], .. Enumerable.Range(0, 3).Select(j => j == c ? 1.0 : 0)]));
        var folded = fold * covariance.SubMatrix(1, 5, 1, 5) * fold.Transpose();
        var packed = identity.Inverse();
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(folded[i, j], packed[PackedMatrix.Length(i) + j], 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_but_the_arm_that_was_asked_changes(bool warm)
    {
        var driver = Running(warm);
        var x = PolicyDriver.Context(Dimension, 99_999);
        var before = driver.Decide(x, lambda: 10);
        driver.Policy.Quiz(Newcomer, Answers(30));
        var after = driver.Decide(x, lambda: 10);
        Assert.Equal(before.Quality[..3], after.Quality[..3]);
        Assert.Equal(before.QualityDeviation[..3], after.QualityDeviation[..3]);
        Assert.Equal(before.CostUsd[..3], after.CostUsd[..3]);
        Assert.Equal(before.LatencySeconds[..3], after.LatencySeconds[..3]);
        Assert.NotEqual(before.Quality[Newcomer], after.Quality[Newcomer]);
        Assert.NotEqual(before.CostUsd[Newcomer], after.CostUsd[Newcomer]);
        Assert.NotEqual(before.LatencySeconds[Newcomer], after.LatencySeconds[Newcomer]);
        Assert.True(after.QualityDeviation[Newcomer] > 0);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_policy_takes_a_quiz_counts_no_call_and_keeps_it_over_a_reload(string policy)
    {
        var driver = Running(warm: true, policy);
        var before = driver.Policy.Describe(Newcomer);
        driver.Policy.Quiz(Newcomer, Answers(25));
        var after = driver.Policy.Describe(Newcomer);
        Assert.Equal((before.Pulls, before.Rewards, before.SpendUsd), (after.Pulls, after.Rewards, after.SpendUsd));
        var bytes = driver.Save();
        driver.Reload([.. Enumerable.Range(0, 4).Select(PolicyDriver.Arm)]);
        Assert.Equal(bytes, driver.Save());
        var x = PolicyDriver.Context(Dimension, 5);
        var scores = driver.Decide(x);
        Assert.All(scores.Quality, q => Assert.True(double.IsFinite(q), policy));
        Assert.Equal(1, scores.Propensity.Sum(), 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_order_of_the_answers_does_not_matter_to_the_prediction(bool warm)
    {
        var (forth, back) = (Running(warm), Running(warm));
        forth.Policy.Quiz(Newcomer, Answers(30));
        back.Policy.Quiz(Newcomer, [.. Answers(30).Reverse()]);
        var x = PolicyDriver.Context(Dimension, 123);
        Assert.Equal(forth.Decide(x).Quality[Newcomer], back.Decide(x).Quality[Newcomer], 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predictions_of_a_newcomer_come_nearer_to_the_truth_with_every_row(bool warm)
    {
        double[] errors = [.. new[] { 0, 5, 20, 50, 400 }.Select(rows => Enumerable.Range(0, 12).Average(world =>
        {
            var driver = Running(warm, world: world);
            if (rows > 0)
            {
                driver.Policy.Quiz(Newcomer, Answers(rows, world: world));
            }

            return Error(driver);
        }))];
        Assert.True(errors[1] < 0.8 * errors[0], string.Join(", ", errors));
        Assert.True(errors[2] < errors[1] && errors[3] < errors[2] && errors[4] < errors[3], string.Join(", ", errors));
        Assert.True(errors[4] < 0.06, string.Join(", ", errors));
    }

    [Fact]
    public void Slopes_that_arms_have_in_common_are_borrowed_not_learned()
    {
        // 20 answers cannot tell 11 slopes; the other arms know how hard queries are.
        var borrowed = Enumerable.Range(0, 12).Average(world =>
        {
            var driver = Running(warm: true, world: world);
            driver.Policy.Quiz(Newcomer, Answers(20, world: world));
            return Error(driver);
        });
        var alone = Enumerable.Range(0, 12).Average(world =>
        {
            var rows = Answers(20, world: world);
            var contexts = rows.Select(r => X(r)).ToArray();
            var mean = rows.Average(r => r.Rewards[Newcomer]);
            var theta = new RidgeRegression(contexts, 10).Fit([.. rows.Select(r => r.Rewards[Newcomer] - mean)]);
            return Mean(i => Math.Abs(mean + Kernels.Dot(theta, Array.ConvertAll(Query(i), v => (double)v)) - Truth(Query(i), Newcomer)));
        });
        Assert.True(borrowed < 0.8 * alone, $"{borrowed} {alone}");
    }

    [Fact]
    public void Answers_of_other_arms_take_out_the_luck_of_the_draw()
    {
        double Level(bool known) => Math.Sqrt(Enumerable.Range(0, 40).Average(world =>
        {
            var driver = Running(warm: true, world: world, luck: 0.4);
            driver.Policy.Quiz(Newcomer, Answers(20, world: world, luck: 0.4, known: known));
            return Math.Pow(Mean(i => Predicted(driver, i) - Truth(Query(i), Newcomer)), 2);
        }));

        var (with, without) = (Level(true), Level(false));
        Assert.True(with < 0.75 * without, $"{with} {without}");
    }

    [Fact]
    public void A_second_quiz_counts_as_so_many_rewards()
    {
        var (quizzed, rewarded) = (Model(), Model());
        var second = Answers(10, from: 500);
        quizzed.Quiz(0, [.. second.Select(X)], [.. second.Select(r => new[] { r.Rewards[Newcomer], double.NaN })]);
        foreach (var row in second)
        {
            rewarded.Learn(0, X(row), row.Rewards[Newcomer], double.NaN, explored: false);
        }

        var (found, expected, variance, same) = (new double[2], new double[2], new double[2], new double[2]);
        var x = X(Answers(1, from: 900)[0]);
        quizzed.Predict(x, found, variance);
        rewarded.Predict(x, expected, same);
        Assert.Equal(expected[0], found[0], 1e-9);
        Assert.Equal(same[0], variance[0], 1e-9);

        QualityModel Model()
        {
            var model = new QualityModel(Dimension, Dimension, 30, 100, 4);
            model.SetArms([-1, -1]);
            var precision = PackedMatrix.Diagonal(Enumerable.Repeat(500.0, Dimension).ToArray());
            model.WarmStart([new double[Dimension], new double[Dimension]], precision, [0.3, 0.3]);
            model.SetArms([-1, 1]);
            var first = Answers(30);
            model.Quiz(0, [.. first.Select(X)], [.. first.Select(r => new[] { r.Rewards[Newcomer], double.NaN })]);
            return model;
        }
    }

    [Fact]
    public void First_pulls_fall_away_in_proportion_to_the_rows()
    {
        var x = PolicyDriver.Context(Dimension, 77);
        int[] pulls = [.. new[] { 0, 10, 20 }.Select(rows =>
        {
            var driver = Running(warm: true);
            if (rows > 0)
            {
                driver.Policy.Quiz(Newcomer, Answers(rows));
            }

            var pulls = 0;
            while (driver.Decide(x).Propensity[Newcomer] > 0.1)
            {
                driver.Choose(Newcomer);
                pulls++;
            }

            return pulls;
        })];
        Assert.Equal([6, 3, 0], pulls);
    }

    private static double[] X(WarmStartRow row) => Array.ConvertAll(row.Context, v => (double)v);

    private static float[] Query(int i) => PolicyDriver.Context(Dimension, (ulong)(1_000_000 + i));

    private static double Mean(Func<int, double> of) => Enumerable.Range(0, 100).Average(of);

    private static double Error(PolicyDriver driver) => Mean(i => Math.Abs(Predicted(driver, i) - Truth(Query(i), Newcomer)));

    private static double Predicted(PolicyDriver driver, int i) => driver.Decide(Query(i)).Quality[Newcomer];

    // How hard a query is depends on three features; arms differ in level, in how much that moves them, and in one feature each. The newcomer is the weakest.
    private static double Truth(float[] x, int arm)
    {
        var hardness = (0.5 * x[1]) - (0.4 * x[2]) + (0.3 * x[3]);
        var (level, slope) = arm switch { 0 => (0.7, 0.1), 1 => (0.6, 0.15), 2 => (0.5, 0.2), _ => (0.4, 0.22) };
        return level - (slope * hardness) + (0.02 * x[4 + arm]);
    }

    private static WarmStartRow[] Answers(int count, int world = 0, int from = 0, double luck = 0, bool known = true) =>
    [
        .. Enumerable.Range(from, count).Select(i =>
        {
            var key = (ulong)((world * 10_000) + 5000 + i);
            var x = PolicyDriver.Context(Dimension, key);
            var shared = luck * ((2 * CounterRandom.Uniform(key, 900)) - 1);
            double Reward(int a) => Truth(x, a) + shared + (0.2 * ((2 * CounterRandom.Uniform(key, (ulong)(901 + a))) - 1));
            return new WarmStartRow(
                x,
                10,
                [.. Enumerable.Range(0, 4).Select(a => known || a == Newcomer ? Reward(a) : double.NaN)],
                [.. Enumerable.Range(0, 4).Select(_ => new TokenUsage(12, 0, 300))],
                [.. Enumerable.Repeat(0.001, 4)],
                [.. Enumerable.Repeat(4.0, 4)]);
        }),
    ];

    // Three arms that are known, from a warm start or from 300 rewards each, and a fourth that has just joined; no bonus of optimism, and no arm out of reach.
    private static PolicyDriver Running(bool warm, string policy = "metallm", int world = 0, double luck = 0)
    {
        var driver = new PolicyDriver(policy, Blocks, 3, policy == "metallm" ? new() { ["alpha"] = 0, ["spreadReach"] = 100 } : null);
        var rows = Enumerable.Range(0, 300).Select(i =>
        {
            var key = (ulong)((world * 10_000) + i);
            var x = PolicyDriver.Context(Dimension, key);
            var shared = luck * ((2 * CounterRandom.Uniform(key, 900)) - 1);
            return (x, Enumerable.Range(0, 3).Select(a => Truth(x, a) + shared + (0.2 * ((2 * CounterRandom.Uniform(key, (ulong)(901 + a))) - 1))).ToArray());
        }).ToArray();
        if (warm)
        {
            driver.WarmStart(rows);
        }
        else
        {
            foreach (var (x, rewards) in rows)
            {
                for (var a = 0; a < 3; a++)
                {
                    driver.Settle(a, x);
                    driver.Reward(a, x, rewards[a]);
                }
            }
        }

        driver.SetArms([.. Enumerable.Range(0, 4).Select(PolicyDriver.Arm)]);
        return driver;
    }
}
