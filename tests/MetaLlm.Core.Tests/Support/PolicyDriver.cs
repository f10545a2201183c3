using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Support;

/// <summary>One policy without a tenant around it: contexts, rewards and decisions go in as a test states them.</summary>
internal sealed class PolicyDriver
{
    private readonly string _name;
    private readonly ContextBlocks _blocks;
    private readonly IReadOnlyDictionary<string, double> _options;
    private readonly double _priceWeight;
    private int _arms;

    public PolicyDriver(string name, ContextBlocks blocks, int arms, Dictionary<string, double>? options = null, double priceWeight = 0)
    {
        (_name, _blocks, _options, _priceWeight) = (name, blocks, options ?? [], priceWeight);
        Policy = Create();
        SetArms([.. Enumerable.Range(0, arms).Select(Arm)]);
    }

    public IBanditPolicy Policy { get; private set; }

    /// <summary>Mean spend to keep; infinite for none.</summary>
    public double Target { get; init; } = double.PositiveInfinity;

    public static Arm Arm(int i) => Log.Arm($"arm{i}", 0.0005 * (i + 1));

    /// <summary>A context with entries uniform in -2 to 2 behind a bias of 1.</summary>
    public static float[] Context(int dimension, ulong key)
    {
        var x = new float[dimension];
        x[0] = 1;
        for (var j = 1; j < dimension; j++)
        {
            x[j] = (float)((4 * CounterRandom.Uniform(key, (ulong)j)) - 2);
        }

        return x;
    }

    public void SetArms(Arm[] arms)
    {
        Policy.SetArms(arms);
        _arms = arms.Length;
    }

    public void Reward(int arm, float[] x, double reward, double previous = double.NaN) => Policy.OnRewarded(new RewardObservation
    {
        Arm = arm, Context = x, Reward = reward, PreviousReward = previous, CostUsd = 0.001, Propensity = 1,
    });

    public void Settle(int arm, float[] x, double usd = 0.001, double seconds = 1) => Policy.OnSettled(new SettledObservation
    {
        Arm = arm,
        Context = x,
        Usage = new TokenUsage(10, 0, 100),
        CostUsd = usd,
        LatencySeconds = seconds,
        TargetUsdPerRequest = Target,
        Complete = true,
    });

    public void Choose(int arm) => Policy.OnChosen(new ChosenObservation(arm, 1, false));

    public void WarmStart(IEnumerable<(float[] X, double[] Rewards)> rows) => Policy.WarmStart([.. rows.Select(r => new WarmStartRow(
        r.X,
        10,
        r.Rewards,
        [.. r.Rewards.Select(_ => new TokenUsage(10, 0, 100))],
        [.. r.Rewards.Select(_ => 0.001)],
        [.. r.Rewards.Select(_ => double.NaN)]))]);

    public DecisionScores Decide(float[] x, double lambda = 0, bool[]? feasible = null, double quality = 1, long ordinal = 1, double costDial = 1)
    {
        var scores = new DecisionScores(_arms);
        Policy.Decide(
            new DecisionQuery
            {
                Context = x,
                Feasible = feasible ?? [.. Enumerable.Repeat(true, _arms)],
                InputTokens = 10,
                Lambda = lambda,
                CostPreference = costDial,
                LatencyWeight = 0,
                QualityWeight = quality,
                ExplorationAllowanceUsd = double.IsFinite(Target) ? 0.05 * Target : double.PositiveInfinity,
                TargetUsdPerRequest = Target,
                Ordinal = ordinal,
                RandomKey = 1,
            },
            scores);
        return scores;
    }

    public byte[] Save()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Policy.Write(new StateWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Replaces the policy by a new one that reads its bytes.</summary>
    public void Reload(Arm[] arms)
    {
        var reader = new StateReader(Save());
        Policy = Create();
        Policy.SetArms(arms);
        Policy.Read(ref reader);
        Assert.True(reader.AtEnd);
    }

    private IBanditPolicy Create() => PolicyRegistry.Create(_name, _blocks, _priceWeight, _options);
}
