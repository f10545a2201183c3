using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Tests.Support;

/// <summary>
/// A world in which every arm's reward is linear in the query's features plus noise: arm a is better where feature a is large, and its
/// calls cost what the arm says.
/// </summary>
internal sealed class World(ulong seed, double[] usdPerCall, double slope = 0.25, double noise = 0.1)
{
    public int Arms => usdPerCall.Length;

    public TenantConfiguration Configuration(string policy = "metallm", double? budget = null) => new()
    {
        Arms = [.. usdPerCall.Select((usd, a) => Log.Arm($"arm{a}", usd))],
        Policy = policy,
        UsdPerRequest = budget,
        Seed = seed,
    };

    public QueryFeatures Query(int i) => Log.Query((seed * 1_000_003) + (ulong)i);

    public double Mean(int i, int arm) => Math.Clamp(0.5 + (slope * Signal(i, arm)) + (0.05 * arm), 0, 1);

    public double Reward(int i, int arm) =>
        Math.Clamp(Mean(i, arm) + (noise * ((2 * CounterRandom.Uniform(seed + 77, (ulong)((i * 64) + arm))) - 1)), 0, 1);

    public double Cost(int arm) => usdPerCall[arm];

    public WarmStartQuery WarmRow(int i, int rewardsOf) => new(
        Query(i),
        [.. Enumerable.Range(0, Arms).Select(a => Reward(rewardsOf, a))],
        [.. Enumerable.Range(0, Arms).Select(_ => new TokenUsage(50, 0, 100))],
        [.. usdPerCall],
        [.. Enumerable.Repeat(double.NaN, Arms)]);

    /// <summary>Plays queries in turn and returns the regret of each against the best arm's mean.</summary>
    public double[] Play(Log log, int from, int count)
    {
        var regrets = new double[count];
        for (var t = 0; t < count; t++)
        {
            var i = from + t;
            var decision = log.Decide(Query(i));
            var arm = int.Parse(decision.ChosenArm.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture);
            regrets[t] = Enumerable.Range(0, Arms).Max(a => Mean(i, a)) - Mean(i, arm);
            log.Settle(decision, Cost(arm));
            log.Reward(decision, Reward(i, arm));
        }

        return regrets;
    }

    /// <summary>Every policy by name, for theories.</summary>
    public static TheoryData<string> Policies => [.. PolicyRegistry.All.Select(p => p.Name)];

    private double Signal(int i, int arm) => (Query(i).Structural[arm] - 5) / 2.9;
}
