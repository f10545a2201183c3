using System.Buffers;
using MathNet.Numerics.Distributions;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

/// <summary>An arm that changes, is benched, and becomes what it was.</summary>
public sealed class DriftTests
{
    private const int Dimension = 5;
    private static readonly double[] Probe = [1, 0, 0, 0, 0];

    [Fact]
    public void Odds_of_a_return_are_those_of_two_normal_laws_and_of_a_stay_that_has_lasted()
    {
        var former = new ChangePointHypothesis([0.9], [0.9], [1], [0], deviation: 0.1, ordinal: 1000);
        var first = former.Odds(1000);
        Assert.Equal(((1 + first) * 400 / 300) - 1, former.Odds(1100), 1e-12);

        // 0.82 is likelier of an arm around 0.75 than of one around 0.9; both scatter by 0.1 so far.
        var ratio = Normal.PDF(0.9, 0.1, 0.82) / Normal.PDF(0.75, 0.1, 0.82);
        var expected = former.Odds(1100) * ratio;
        former.Judge(0.82 - 0.9, 0.82 - 0.75, noise: 1, spread: 1, ordinal: 1100);
        Assert.Equal(expected, former.Odds(1100), 1e-12);
        Assert.Equal(((1 + expected) * 700 / 400) - 1, former.Odds(1400), 1e-12);
    }

    [Fact]
    public void A_call_under_way_is_expected_to_tell_what_has_happened_so_far()
    {
        var former = new ChangePointHypothesis([0.9], [0.9], [1], [0], deviation: 0.1, ordinal: 0);
        former.Pulled(500);
        Assert.Equal(former.Odds(0), former.UnseenOdds(500), 1e-12);
        Assert.True(former.UnseenOdds(600) < former.Odds(600));
        former.Judge(-0.3, 0, noise: 1, spread: 1, ordinal: 600);
        Assert.Equal(former.Odds(700), former.UnseenOdds(700), 1e-12);
    }

    [Fact]
    public void One_odd_reward_neither_proves_nor_refutes_a_return()
    {
        var former = new ChangePointHypothesis([0.9], [0.9], [1], [0], deviation: 0.01, ordinal: 0);
        var before = former.Odds(0);
        former.Judge(0, 0.5, noise: 1, spread: 1, ordinal: 0);
        Assert.Equal(Math.Exp(3), former.Odds(0) / before, 1e-9);
        Assert.False(former.Certain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_arm_that_returns_is_to_the_bit_what_it_was(bool warm)
    {
        var model = Model(warm);
        var t = 0;
        Feed(model, 200, 0.8, ref t);
        var before = Predict(model, Probe);
        while (model.Former(1) is null)
        {
            Assert.True(t < 260, "no alarm");
            Feed(model, 1, 0.3, ref t);
        }

        Assert.InRange(Predict(model, Probe), 0.2, 0.55);
        Assert.Null(model.Former(0));
        Assert.Equal(1, model.ChangePoints);
        Assert.Equal((false, true), (model.Drifts(0), model.Drifts(1)));
        Feed(model, 40, 0.3, ref t);
        Assert.NotNull(model.Former(1));
        Assert.InRange(model.Former(1)!.Odds(t), 0, 0.5);
        var good = t;
        while (model.Former(1) is not null)
        {
            Assert.True(t < good + 8, "still benched");
            Feed(model, 1, 0.8, ref t);
        }

        Assert.Equal(before, Predict(model, Probe), 0.03);
        Assert.Equal(2, model.ChangePoints);
        Assert.False(model.Drifts(1));
    }

    [Fact]
    public void An_arm_that_is_used_in_its_changed_form_has_no_former_self_in_the_end()
    {
        var model = Model(warm: true);
        var t = 0;
        Feed(model, 200, 0.8, ref t);
        Feed(model, 60, 0.5, ref t);
        Assert.NotNull(model.Former(1));
        Feed(model, 200, 0.5, ref t);
        Assert.Null(model.Former(1));
        Assert.InRange(Predict(model, Probe), 0.45, 0.55);
    }

    [Fact]
    public void Audits_of_a_benched_arm_become_likelier_with_time_and_are_part_of_the_propensities()
    {
        var driver = Benched();
        var soon = driver.Decide(Context(1), ordinal: 260);
        Assert.Equal(0, soon.Greedy);
        Assert.Equal(1, soon.Propensity.Sum(), 1e-12);
        var later = driver.Decide(Context(1), ordinal: 300);
        Assert.InRange(soon.Propensity[1], 0.004, 0.1);
        Assert.InRange(later.Propensity[1], 2 * soon.Propensity[1], 0.5);
        Assert.Equal(1, later.Propensity.Sum(), 1e-12);

        // One good reward: the next requests go there at once.
        driver.Policy.OnChosen(new ChosenObservation(1, 300, false));
        driver.Reward(1, Context(1), 0.8);
        Assert.True(driver.Decide(Context(2), ordinal: 301).Propensity[1] > 2 * later.Propensity[1]);
    }

    [Fact]
    public void An_arm_whose_return_would_change_nothing_is_audited_rarely()
    {
        var driver = Benched(other: 0.9);
        Assert.Equal(0.005, driver.Decide(Context(1), ordinal: 400).Propensity[1], 0.001);
    }

    [Fact]
    public void Deciding_about_a_benched_arm_allocates_nothing()
    {
        var driver = Benched();
        var (scores, context, feasible) = (new DecisionScores(2), Context(3), new[] { true, true });
        for (var i = 0; i < 50; i++)
        {
            Decide(i);
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                Decide(i);
            }
        }));

        void Decide(int i) => driver.Policy.Decide(
            new DecisionQuery
            {
                Context = context,
                Feasible = feasible,
                InputTokens = 10,
                Lambda = 0,
                CostPreference = 1,
                LatencyWeight = 0,
                QualityWeight = 1,
                ExplorationAllowanceUsd = double.PositiveInfinity,
                TargetUsdPerRequest = double.PositiveInfinity,
                Ordinal = 300 + i,
                RandomKey = 1,
            },
            scores);
    }

    [Fact]
    public void A_benched_arm_read_back_is_judged_as_the_one_that_was_written()
    {
        var (straight, reloaded) = (Benched(), Benched());
        reloaded.Reload([PolicyDriver.Arm(0), PolicyDriver.Arm(1)]);
        Assert.Equal(straight.Save(), reloaded.Save());
        for (var t = 300; t < 306; t++)
        {
            foreach (var driver in new[] { straight, reloaded })
            {
                driver.Policy.OnChosen(new ChosenObservation(1, t, false));
                driver.Reward(1, Context((ulong)t), 0.78);
            }

            Assert.Equal(
                straight.Decide(Context(7), ordinal: t + 1).Propensity, reloaded.Decide(Context(7), ordinal: t + 1).Propensity);
        }

        Assert.Equal(straight.Save(), reloaded.Save());
    }

    [Fact]
    public void A_former_self_of_another_length_is_refused()
    {
        var bytes = new ArrayBufferWriter<byte>();
        new ChangePointHypothesis([0.9], [0.9], [1], [0], 0.1, 0).Write(new StateWriter(bytes));
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new StateReader(bytes.WrittenSpan);
            ChangePointHypothesis.Read(ref reader, dimension: 2, learned: 1);
        });
    }

    // Arm 1 was worth 0.8 and gives 0.3 now; arm 0 gives the other reward.
    private static PolicyDriver Benched(double other = 0.6)
    {
        var driver = new PolicyDriver("metallm", new ContextBlocks(1, Dimension - 1, 0, 0), 2);
        driver.WarmStart(Enumerable.Range(0, 300).Select(i => (Context((ulong)i), new[] { other + Noise(i), 0.8 + Noise(i + 1000) })));
        for (var t = 1; t < 250; t++)
        {
            driver.Policy.OnChosen(new ChosenObservation(1, t, false));
            driver.Reward(1, Context((ulong)(t + 500)), (t < 200 ? 0.8 : 0.3) + Noise(t));
        }

        return driver;
    }

    private static float[] Context(ulong key) => PolicyDriver.Context(Dimension, key);

    private static double Noise(int i) => 0.3 * (CounterRandom.Uniform(6, (ulong)i) - 0.5);

    private static QualityModel Model(bool warm)
    {
        var model = new QualityModel(Dimension, Dimension, 20, 50, 4);
        model.SetArms([-1, -1]);
        if (warm)
        {
            model.WarmStart([[0.5, 0, 0, 0, 0], [0.8, 0, 0, 0, 0]], PackedMatrix.Diagonal([900, 800, 700, 600, 500]), [0.1, 0.1]);
        }

        return model;
    }

    private static void Feed(QualityModel model, int count, double mean, ref int t)
    {
        for (var i = 0; i < count; i++)
        {
            t++;
            model.Pulled(1, t);
            model.Learn(1, Array.ConvertAll(Context((ulong)t), v => (double)v), mean + Noise(t), double.NaN, explored: false);
        }
    }

    private static double Predict(QualityModel model, double[] x)
    {
        var (quality, variance) = (new double[8], new double[8]);
        model.Predict(x, quality, variance);
        return quality[1];
    }
}
