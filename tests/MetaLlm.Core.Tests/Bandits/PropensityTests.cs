using FsCheck;
using FsCheck.Fluent;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

public sealed class PropensityTests
{
    private const int Dimension = 6;

    public static TheoryData<string> Policies => World.Policies;

    [Theory]
    [MemberData(nameof(Policies))]
    public void Propensities_are_a_distribution_over_feasible_arms_whatever_was_observed(string name) =>
        Prop.ForAll<int, byte, byte>((seed, rewards, mask) =>
        {
            var arms = 1 + (Math.Abs(seed % 7));
            var policy = Trained(name, arms, (ulong)Math.Abs((long)seed), rewards % 40);
            var feasible = Enumerable.Range(0, arms).Select(a => (mask >> a & 1) == 1).ToArray();
            feasible[Math.Abs(seed % arms)] = true;
            var scores = new DecisionScores(arms);
            policy.Decide(Query(Context((ulong)mask), feasible, seed % 3 == 0 ? double.PositiveInfinity : 0.002), scores);
            return Math.Abs(scores.Propensity.Sum() - 1) < 1e-12
                && scores.Propensity.All(p => p is >= 0 and <= 1)
                && Enumerable.Range(0, arms).All(a => feasible[a] || scores.Propensity[a] == 0)
                && feasible[scores.Greedy]
                && scores.Quality.Concat(scores.QualityDeviation).Concat(scores.CostUsd).Concat(scores.LatencySeconds).All(double.IsFinite)
                && Enumerable.Range(0, arms).All(a => feasible[a] == double.IsFinite(scores.Score[a]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(4242UL, 1717UL));

    [Theory]
    [MemberData(nameof(Policies))]
    public void Deciding_allocates_nothing(string name)
    {
        var policy = Trained(name, 8, 5, 60);
        var scores = new DecisionScores(8);
        var context = Context(9);
        bool[] feasible = [true, true, false, true, true, true, true, true];
        for (var i = 0; i < 50; i++)
        {
            policy.Decide(Query(context, feasible, 0.001), scores);
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                policy.Decide(Query(context, feasible, 0.001), scores);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_context_of_the_wrong_length_is_refused(string name)
    {
        var policy = Trained(name, 2, 1, 0);
        Assert.Throws<ArgumentException>(() =>
            policy.Decide(Query(new float[Dimension + 1], [true, true], 1), new DecisionScores(2)));
    }

    [Fact]
    public void The_flagship_keeps_support_on_every_affordable_arm_once_all_are_known()
    {
        var policy = Trained("metallm", 4, 3, 400);
        var scores = new DecisionScores(4);
        policy.Decide(Query(Context(1), [true, true, true, true], double.PositiveInfinity), scores);
        Assert.All(scores.Propensity, p => Assert.True(p > 0));
        Assert.True(scores.Propensity[scores.Greedy] > 0.98);
    }

    [Fact]
    public void Exploration_beyond_the_greedy_arm_stays_within_its_allowance()
    {
        var policy = Trained("metallm", 6, 8, 3);
        var scores = new DecisionScores(6);
        for (ulong i = 0; i < 50; i++)
        {
            policy.Decide(Query(Context(i), [true, true, true, true, true, true], 0.004), scores);
            var extra = Enumerable.Range(0, 6).Sum(a => scores.Propensity[a] * Math.Max(0, scores.CostUsd[a] - scores.CostUsd[scores.Greedy]));
            Assert.InRange(extra, 0, 0.05 * 0.004 * (1 + 1e-9));
        }
    }

    internal static IBanditPolicy Trained(string name, int arms, ulong seed, int rewards)
    {
        var policy = PolicyRegistry.Create(name, new ContextBlocks(1, Dimension - 1, 0, 0), 0, new Dictionary<string, double>());
        policy.SetArms([.. Enumerable.Range(0, arms).Select(a => Log.Arm($"arm{a}", 0.0005 * (1 << a)))]);
        for (var i = 0; i < rewards; i++)
        {
            var arm = (int)(CounterRandom.Bits(seed, (ulong)i) % (ulong)arms);
            var x = Context(seed + (ulong)i);
            policy.OnChosen(new ChosenObservation(arm, i + 1, false));
            policy.OnSettled(new SettledObservation
            {
                Arm = arm,
                Context = x,
                Usage = new TokenUsage(40, 10, 300 * CounterRandom.Uniform(seed + 1, (ulong)i)),
                CostUsd = 0.001,
                LatencySeconds = CounterRandom.Uniform(seed + 2, (ulong)i),
                TargetUsdPerRequest = 0.002,
                Complete = i % 5 != 0,
            });
            policy.OnRewarded(new RewardObservation
            {
                Arm = arm,
                Context = x,
                Reward = CounterRandom.Uniform(seed + 3, (ulong)i),
                PreviousReward = double.NaN,
                CostUsd = 0.001,
                Propensity = 1,
            });
        }

        return policy;
    }

    internal static float[] Context(ulong seed)
    {
        var x = new float[Dimension];
        x[0] = 1;
        for (var j = 1; j < Dimension; j++)
        {
            x[j] = (float)((8 * CounterRandom.Uniform(seed, (ulong)j)) - 4);
        }

        return x;
    }

    internal static DecisionQuery Query(ReadOnlySpan<float> context, ReadOnlySpan<bool> feasible, double target) => new()
    {
        Context = context,
        Feasible = feasible,
        InputTokens = 30,
        Lambda = 20,
        CostPreference = 1,
        LatencyWeight = 0.01,
        QualityWeight = 1,
        ExplorationAllowanceUsd = 0.05 * target,
        TargetUsdPerRequest = target,
        Ordinal = 10,
        RandomKey = 3,
    };
}
