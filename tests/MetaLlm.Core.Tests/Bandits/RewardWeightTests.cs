using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class RewardWeightTests
{
    public static TheoryData<string> Policies { get; } = [.. PolicyRegistry.All.Select(policy => policy.Name)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_rewards_of_half_weight_teach_what_one_of_full_weight_does(bool warm)
    {
        var (halves, whole) = (Model(warm), Model(warm));
        for (var i = 0; i < 60; i++)
        {
            halves.Learn(i % 2, X(i), Reward(i), double.NaN, false, 0.5);
            halves.Learn(i % 2, X(i), Reward(i), double.NaN, false, 0.5);
            whole.Learn(i % 2, X(i), Reward(i), double.NaN, false);
        }

        AssertAlike(whole, halves);
    }

    [Theory]
    [InlineData(false, 1, 0.25)]
    [InlineData(true, 1, 0.25)]
    [InlineData(false, 0.1, 0.9)]
    [InlineData(true, 0.5, 0.5)]
    public void A_correction_leaves_what_its_reward_and_weight_would_have_taught_at_first(bool warm, double weight, double corrected)
    {
        var (late, right) = (Model(warm), Model(warm));
        for (var i = 0; i < 60; i++)
        {
            var wrong = i % 3 == 0;
            late.Learn(i % 2, X(i), wrong ? 1 - Reward(i) : Reward(i), double.NaN, false, wrong ? weight : 1);
            right.Learn(i % 2, X(i), Reward(i), double.NaN, false, wrong ? corrected : 1);
        }

        for (var i = 0; i < 60; i += 3)
        {
            late.Learn(i % 2, X(i), Reward(i), 1 - Reward(i), false, corrected, weight);
        }

        AssertAlike(right, late);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 0.3)]
    [InlineData(true, 0.3)]
    public void A_reward_that_is_taken_back_leaves_what_would_be_without_it(bool warm, double weight)
    {
        var (late, right) = (Model(warm), Model(warm));
        for (var i = 0; i < 60; i++)
        {
            late.Learn(i % 2, X(i), Reward(i), double.NaN, false, weight);
            if (i % 3 != 0)
            {
                right.Learn(i % 2, X(i), Reward(i), double.NaN, false, weight);
            }
        }

        for (var i = 0; i < 60; i += 3)
        {
            late.Learn(i % 2, X(i), Reward(i), Reward(i), false, 0, weight);
        }

        AssertAlike(right, late);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_policy_is_shown_that_a_reward_is_taken_back_and_replays_it_alike(string policy)
    {
        var log = new Log(new World(2, [0.001]).Configuration(policy));
        var decisions = Enumerable.Range(1, 20).Select(i => log.Decide(Log.Query((ulong)i))).ToList();
        foreach (var decision in decisions)
        {
            Reward(log, decision, 0.75, 1);
        }

        foreach (var decision in decisions.Take(10))
        {
            Reward(log, decision, 0.75, 1, 0.75, 1, withdrawn: true);
        }

        var statistics = log.State.Report().Arms[0].Statistics;
        Assert.Equal(0.75, statistics.MeanReward, 1e-9);
        Assert.Equal(PolicyRegistry.Find(policy)!.WeighsRewards ? 10 : 20, statistics.Rewards);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void A_context_that_is_not_in_the_matrix_cannot_be_taken_out_of_it()
    {
        var matrices = new ArmMatrices(3, 1);
        matrices.SetDiagonal(0, [0.5, 4, 4]);
        double[] x = [1, 2, -1];
        var before = matrices.Open(0, x, new double[3]).Quadratic;
        Assert.False(matrices.TryReweigh(matrices.Open(0, x, new double[3]), 1, 0.1));
        Assert.Equal(before, matrices.Open(0, x, new double[3]).Quadratic);

        matrices.Observe(matrices.Open(0, x, new double[3]), 0.8);
        Assert.True(matrices.TryReweigh(matrices.Open(0, x, new double[3]), 0.8, 0.1));
        var again = new ArmMatrices(3, 1);
        again.SetDiagonal(0, [0.5, 4, 4]);
        again.Observe(again.Open(0, x, new double[3]), 0.1);
        Assert.Equal(again.Open(0, x, new double[3]).Quadratic, matrices.Open(0, x, new double[3]).Quadratic, 1e-12);
    }

    [Fact]
    public void A_mean_reward_is_a_weighted_one()
    {
        var log = new Log(new World(2, [0.001]).Configuration());
        var (first, second) = (log.Decide(Log.Query(1)), log.Decide(Log.Query(2)));
        Reward(log, first, 1, 0.25);
        Reward(log, second, 0, 0.75);
        Assert.Equal((2, 0.25), (log.State.Report().Arms[0].Statistics.Rewards, log.State.Report().Arms[0].Statistics.MeanReward));
        Reward(log, second, 1, 0.25, 0, 0.75);
        Assert.Equal((2, 1.0), (log.State.Report().Arms[0].Statistics.Rewards, log.State.Report().Arms[0].Statistics.MeanReward));
    }

    [Fact]
    public void A_policy_without_weights_is_shown_a_share_of_the_rewards_and_the_same_ones_in_every_replay()
    {
        foreach (var policy in PolicyRegistry.All.Where(p => !p.WeighsRewards))
        {
            var shown = Shown(policy.Name);
            Assert.InRange(shown.Count / 1000.0, 0.2, 0.3);
            Assert.Equal(shown, Shown(policy.Name));
        }

        Assert.True(PolicyRegistry.Find("metallm")!.WeighsRewards);
    }

    [Fact]
    public void A_correction_of_a_reward_that_was_not_shown_is_shown_when_its_weight_is_full()
    {
        var log = new Log(new World(2, [0.001]).Configuration("epsilon-greedy"));
        for (var i = 0; i < 40; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i));
            Reward(log, decision, 0, 0.5);
            Reward(log, decision, 1, 1, 0, 0.5);
        }

        var statistics = log.State.Report().Arms[0].Statistics;
        Assert.Equal((40, 1.0), (statistics.Rewards, statistics.MeanReward));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.5, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 0)]
    public void A_weight_out_of_range_is_refused_and_changes_nothing(double weight, double previous)
    {
        var log = new Log(new World(2, [0.001]).Configuration());
        var decision = log.Decide(Log.Query(1));
        var before = log.Save();
        Assert.Contains("Weight", Assert.Throws<ArgumentException>(() => Reward(log, decision, 1, weight, 0.5, previous)).Message, StringComparison.Ordinal);
        Assert.Equal(before, log.Save());
    }

    private static List<int> Shown(string policy)
    {
        var log = new Log(new World(2, [0.001]).Configuration(policy));
        var shown = new List<int>();
        var seen = 0L;
        for (var i = 0; i < 1000; i++)
        {
            Reward(log, log.Decide(Log.Query((ulong)i)), Reward(i), 0.25);
            var now = log.State.Report().Arms[0].Statistics.Rewards;
            if (now > seen)
            {
                shown.Add(i);
            }

            seen = now;
        }

        return shown;
    }

    private static void Reward(Log log, DecisionRecord decision, double reward, double weight, double? previous = null, double previousWeight = 1, bool withdrawn = false) =>
        log.Event(new RewardedEvent
        {
            Sequence = log.State.AppliedSequence + 1,
            At = log.Clock,
            Decision = DecisionFacts.Of(decision),
            Reward = reward,
            PreviousReward = previous,
            Weight = weight,
            PreviousWeight = previousWeight,
            Withdrawn = withdrawn,
        });

    private static QualityModel Model(bool warm)
    {
        var model = new QualityModel(4, 3, 30, 100, 4);
        model.SetArms([-1, -1]);
        if (warm)
        {
            model.WarmStart([[0.5, 0.1, 0, 0.2], [0.4, 0, 0.1, 0]], PackedMatrix.Diagonal([50, 60, 70]), [0.3, 0.3]);
        }

        return model;
    }

    private static double[] X(int i) => [1, .. Enumerable.Range(0, 3).Select(j => (4 * CounterRandom.Uniform((ulong)i, (ulong)j)) - 2)];

    private static double Reward(int i) => CounterRandom.Uniform(99, (ulong)i);

    private static void AssertAlike(QualityModel expected, QualityModel found)
    {
        for (var i = 100; i < 110; i++)
        {
            var (q, v) = (new double[2], new double[2]);
            var (p, w) = (new double[2], new double[2]);
            expected.Predict(X(i), q, v);
            found.Predict(X(i), p, w);
            for (var a = 0; a < 2; a++)
            {
                Assert.Equal(q[a], p[a], 1e-9);
                Assert.Equal(v[a], w[a], 1e-9);
            }
        }
    }
}
