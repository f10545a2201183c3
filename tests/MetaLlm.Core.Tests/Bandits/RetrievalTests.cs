using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

/// <summary>One model with and without retrieval. Half of the queries need it; for the others it costs money and distracts.</summary>
public sealed class RetrievalTests
{
    private const int Judged = 1000;
    private const double PriceWeight = 40;
    private const double UsdPerRetrieval = 0.002;
    private const double RetrievedTokens = 800;

    private static readonly TokenPrices Prices = TokenPrices.PerMillion(0.5, 2);

    private static TenantConfiguration Configuration(ulong seed) => new()
    {
        Arms =
        [
            new Arm { Id = "model", Prices = Prices, PriorOutputTokens = 100 },
            new Arm
            {
                Id = "model:knowledge",
                Prices = Prices,
                PriorOutputTokens = 100,
                Overhead = new CallOverhead { InputTokens = 500, MostInputTokens = 2000, Usd = UsdPerRetrieval },
            },
        ],
        PriceWeight = PriceWeight,
        Seed = seed,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whether_to_retrieve_is_learned_from_rewards_alone(ulong seed)
    {
        // A cold start needs a floor of exploration: one model that looks better everywhere is not asked again otherwise.
        var log = new Log(Configuration(seed) with { ExplorationFloor = 0.02 });
        Assert.True(Gain(log, seed, 2500, out var figures) > 0.6, figures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void After_a_warm_start_of_a_hundred_queries_it_is_all_but_known(ulong seed)
    {
        var log = new Log(Configuration(seed));
        log.State.WarmStart([.. Enumerable.Range(0, 120).Select(i => Row(seed, i))]);
        Assert.True(Gain(log, seed, 1200, out var figures) > 0.9, figures);
    }

    [Fact]
    public void The_cost_of_retrieval_is_predicted_from_the_first_call_and_its_tokens_are_learned()
    {
        var log = new Log(Configuration(1));
        Assert.Equal((50 * 0.5e-6) + (100 * 2e-6), Cost("model"), 9);
        Assert.Equal((550 * 0.5e-6) + (100 * 2e-6) + UsdPerRetrieval, Cost("model:knowledge"), 9);
        for (var i = 0; i < 300; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i), request => request with { PinnedArm = i % 2 == 0 ? "model" : "model:knowledge" });
            log.Event(Settled(log, decision, i % 2 == 1));
        }

        Assert.InRange(Cost("model") / TrueCost(false), 0.95, 1.05);
        Assert.InRange(Cost("model:knowledge") / TrueCost(true), 0.95, 1.05);

        double Cost(string arm) => log.State.Decide(new DecisionRequest { Features = Log.Query(77) }, log.Clock).Arms.First(a => a.ArmId == arm).CostUsd;
    }

    /// <summary>How much is gained over the better of always and never, as a share of what an oracle gains.</summary>
    private static double Gain(Log log, ulong seed, int queries, out string figures)
    {
        var (earned, never, always, oracle) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < queries; i++)
        {
            var (query, needs) = Query((seed * 1_000_003) + (ulong)i);
            var decision = log.Decide(query);
            var retrieves = decision.ChosenArm == "model:knowledge";
            log.Event(Settled(log, decision, retrieves));
            log.Reward(decision, CounterRandom.Uniform(seed + 9000, (ulong)i) < Chance(needs, retrieves) ? 1 : 0);
            if (i >= queries - Judged)
            {
                earned += Worth(needs, retrieves) / Judged;
                never += Worth(needs, false) / Judged;
                always += Worth(needs, true) / Judged;
                oracle += Math.Max(Worth(needs, false), Worth(needs, true)) / Judged;
            }
        }

        var best = Math.Max(never, always);
        var gain = (earned - best) / (oracle - best);
        figures = $"Seed {seed}: {earned:F4} earned, {never:F4} never, {always:F4} always, {oracle:F4} by the oracle; {gain:P0} of what there is to gain.";
        return gain;
    }

    private static (QueryFeatures Query, bool Needs) Query(ulong key) =>
        CounterRandom.Uniform(key, 7777) < 0.5 ? (Log.Query(key, "facts"), true) : (Log.Query(key, "style"), false);

    private static WarmStartQuery Row(ulong seed, int i)
    {
        var (query, needs) = Query((seed * 7_000_003) + (ulong)i);
        return new WarmStartQuery(
            query,
            [CounterRandom.Uniform(seed + 500, (ulong)i) < Chance(needs, false) ? 1 : 0, CounterRandom.Uniform(seed + 501, (ulong)i) < Chance(needs, true) ? 1 : 0],
            [new TokenUsage(50, 0, 100), new TokenUsage(50 + RetrievedTokens, 0, 100)],
            [TrueCost(false), TrueCost(true)],
            [double.NaN, double.NaN]);
    }

    private static double Chance(bool needs, bool retrieves) => (needs, retrieves) switch
    {
        (true, true) => 0.9,
        (true, false) => 0.45,
        (false, true) => 0.8,
        _ => 0.85,
    };

    private static double TrueCost(bool retrieves) => Prices.Cost(new TokenUsage(retrieves ? 50 + RetrievedTokens : 50, 0, 100)) + (retrieves ? UsdPerRetrieval : 0);

    private static double Worth(bool needs, bool retrieves) => Chance(needs, retrieves) - (PriceWeight * TrueCost(retrieves));

    private static SettledEvent Settled(Log log, DecisionRecord decision, bool retrieves) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(retrieves ? 50 + RetrievedTokens : 50, 0, 100),
        CostUsd = TrueCost(retrieves),
        LatencySeconds = 1,
    };
}
