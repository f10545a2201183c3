using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Evaluation.Log;

namespace MetaLlm.Evaluation.Tests;

/// <summary>Logs that a tenant's own state writes in a small world whose truth is known.</summary>
internal static class SimulatedLogs
{
    public static readonly string[] ArmIds = ["small", "medium", "large"];

    /// <summary>Mean reward by kind of query and arm.</summary>
    public static readonly double[][] Rewards = [[0.55, 0.9, 0.95], [0.55, 0.3, 0.95]];

    /// <summary>Writes a log; feedback comes at once.</summary>
    /// <param name="policy">The policy that decides.</param>
    /// <param name="floor">Its exploration floor; null for none.</param>
    /// <param name="seed">Seed of queries, decisions and rewards.</param>
    /// <param name="decisions">How many decisions.</param>
    /// <param name="rewards">Mean reward by kind of query and arm; null for those of <see cref="Rewards"/>.</param>
    public static DecisionLog Write(string policy, double? floor, ulong seed, int decisions, double[][]? rewards = null)
    {
        var state = TenantState.Create("acme", "none", new LinearReduction("none", 1, [1f], [0f], 1));
        var (records, events, at) = (new List<DecisionRecord>(), new List<TenantEvent>(), DateTimeOffset.UnixEpoch);
        Apply(new ConfiguredEvent { Sequence = 1, At = at, Configuration = Configuration(policy, floor, seed) });
        for (var i = 0; i < decisions; i++)
        {
            var decision = state.Decide(new DecisionRequest { Features = Query(CounterRandom.Uniform(seed + 100, (ulong)i) < 0.5) }, at);
            state.Apply(decision);
            records.Add(decision);
            var arm = Array.IndexOf(ArmIds, decision.ChosenArm);
            var facts = DecisionFacts.Of(decision);
            Apply(new SettledEvent
            {
                Sequence = state.AppliedSequence + 1,
                At = at,
                Decision = facts,
                Outcome = CallOutcome.Completed,
                Usage = new TokenUsage(10, 0, 100),
                CostUsd = 0.001 * (arm + 1),
                LatencySeconds = 1,
            });
            var reward = CounterRandom.Uniform(seed + 5000, (ulong)i) < (rewards ?? Rewards)[Kind(decision)][arm] ? 1 : 0;
            Apply(new RewardedEvent { Sequence = state.AppliedSequence + 1, At = at, Decision = facts, Reward = reward, PreviousReward = null });
        }

        return DecisionLog.Of(records, events);

        void Apply(TenantEvent recorded)
        {
            state.Apply(recorded);
            events.Add(recorded);
        }
    }

    /// <summary>The configuration of the tenant that writes.</summary>
    public static TenantConfiguration Configuration(string policy, double? floor, ulong seed) => new()
    {
        Arms = [.. ArmIds.Select((id, a) => new Arm { Id = id, Prices = new TokenPrices(0, 0, 1e-5 * (a + 1)), PriorOutputTokens = 100 })],
        Policy = policy,
        Seed = seed + 1,
        ExplorationFloor = floor,
        Parts = ContextParts.Structural,
    };

    /// <summary>Which of two kinds a decision's query is of.</summary>
    public static int Kind(DecisionRecord decision) => decision.InputTokens > 15 ? 1 : 0;

    private static QueryFeatures Query(bool digits)
    {
        var structural = new float[StructuralFeatures.Count];
        StructuralFeatures.Extract(digits ? "What is 12345 * 6789 + 13579?" : "Tell me about old towns by the sea", structural);
        return new QueryFeatures(structural, [], null, digits ? 20 : 10);
    }
}
