using BenchmarkDotNet.Attributes;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Benchmarks;

/// <summary>The hot path of a policy alone: d = 32 contexts, K = 8 arms, 1,000 rewards learned beforehand.</summary>
public class PolicyBenchmarks
{
    private const int Arms = 8;
    private static readonly ContextBlocks Blocks = new(1, 12, 3, 16);
    private static readonly bool[] Feasible = [.. Enumerable.Repeat(true, Arms)];
    private static readonly Dictionary<string, double> NoOptions = [];
    private readonly float[][] _contexts = [.. Enumerable.Range(0, 256).Select(Context)];
    private readonly DecisionScores _scores = new(Arms);
    private IBanditPolicy _policy = null!;
    private int _next;

    [Params("metallm", "linucb")]
    public string Policy { get; set; } = "";

    [GlobalSetup]
    public void Learn()
    {
        _policy = PolicyRegistry.Create(Policy, Blocks, 0, NoOptions);
        _policy.SetArms([.. Enumerable.Range(0, Arms).Select(a => new Arm { Id = $"arm-{a}", Prices = TokenPrices.PerMillion(0.1 * (a + 1), 0.4 * (a + 1)) })]);
        for (var i = 0; i < 1000; i++)
        {
            var arm = i % Arms;
            _policy.OnChosen(new ChosenObservation(arm, i + 1, Pinned: false));
            _policy.OnSettled(new SettledObservation
            {
                Arm = arm, Context = _contexts[i % 256], Usage = new TokenUsage(100, 0, 200), CostUsd = 1e-4, LatencySeconds = 1, TargetUsdPerRequest = 1e-4, Complete = true,
            });
            Reward(arm, i);
        }
    }

    [Benchmark]
    public int Decide()
    {
        _policy.Decide(
            new DecisionQuery
            {
                Context = _contexts[_next++ & 255],
                Feasible = Feasible,
                InputTokens = 100,
                Lambda = 500,
                CostPreference = 1,
                LatencyWeight = 0,
                QualityWeight = 1,
                ExplorationAllowanceUsd = 1e-4,
                TargetUsdPerRequest = 1e-4,
                Ordinal = 1000 + _next,
                RandomKey = (ulong)_next,
            },
            _scores);
        return _scores.Greedy;
    }

    [Benchmark]
    public void Update() => Reward(_next & 7, _next++);

    private void Reward(int arm, int i) => _policy.OnRewarded(new RewardObservation
    {
        Arm = arm,
        Context = _contexts[i & 255],
        Reward = (i % 3) / 2.0,
        PreviousReward = double.NaN,
        CostUsd = 1e-4,
        Propensity = 0.5,
    });

    private static float[] Context(int row)
    {
        var x = new float[Blocks.Dimension];
        x[0] = 1;
        for (var i = 1; i < x.Length; i++)
        {
            x[i] = (float)((2 * CounterRandom.Uniform((ulong)row, (ulong)i)) - 1);
        }

        return x;
    }
}
