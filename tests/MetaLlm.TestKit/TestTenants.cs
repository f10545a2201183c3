using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.TestKit;

/// <summary>Configurations, queries and records for tests.</summary>
public static class TestTenants
{
    /// <summary>Three arms: cheap, middling, dear.</summary>
    public static TenantConfiguration Configuration(ulong seed = 1) => new()
    {
        Seed = seed,
        PriceWeight = 10,
        Arms =
        [
            new Arm { Id = "small", Prices = TokenPrices.PerMillion(0.1, 0.4) },
            new Arm { Id = "medium", Prices = TokenPrices.PerMillion(1, 4), Capabilities = ["tools"] },
            new Arm { Id = "large", Prices = TokenPrices.PerMillion(10, 30) },
        ],
    };

    /// <summary>A query that depends on a number alone.</summary>
    public static DecisionRequest Query(int number = 0)
    {
        var structural = new float[StructuralFeatures.Count];
        for (var i = 0; i < structural.Length; i++)
        {
            structural[i] = (number * (i + 1)) % 7;
        }

        return new DecisionRequest
        {
            Features = new QueryFeatures(
                structural, FixedEmbedder.Embed($"query {number}"), number % 3 == 0 ? null : $"task-{number % 3}", 20 + (number % 50)),
        };
    }

    /// <summary>Queries with outcomes of the three arms: the dearer, the better.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="model">Identity of the embedding model.</param>
    public static WarmStartSet WarmStart(int rows, string model) => new()
    {
        EmbeddingModelId = model,
        ArmIds = ["small", "medium", "large"],
        Rows = [.. Enumerable.Range(0, rows).Select(i => new WarmStartQuery(
            Query(i).Features,
            [(i % 4) / 8.0, 0.25 + ((i % 3) / 8.0), 0.75 + ((i % 2) / 8.0)],
            [new TokenUsage(100, 0, 50 + i), new TokenUsage(100, 10, 60), new TokenUsage(100, 0, 70.5)],
            [0.00001, 0.0001, 0.001],
            [0.5, double.NaN, 2]))],
    };

    /// <summary>What the dear arm answered; of every other query the cheap arm's answer is known too, of none the middling one's.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="model">Identity of the embedding model.</param>
    public static QuizSet Quiz(int rows, string model) => new()
    {
        ArmId = "large",
        Outcomes = WarmStart(rows, model) with
        {
            Rows = [.. WarmStart(rows, model).Rows.Select((row, i) => row with { Rewards = [i % 2 == 0 ? row.Rewards[0] : double.NaN, double.NaN, row.Rewards[2]] })],
        },
    };

    /// <summary>A decision record for stores, which do not look at the numbers.</summary>
    public static DecisionRecord Decision(string tenant, long ordinal, long appliedSequence, DateTimeOffset? at = null) => new()
    {
        Tenant = tenant,
        DecisionId = $"d-{ordinal}",
        Ordinal = ordinal,
        AppliedSequence = appliedSequence,
        At = at ?? new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero).AddTicks(ordinal),
        Policy = "some-policy",
        PolicyVersion = 3,
        FeatureSchema = "schema-1",
        Context = [1, 0.25f, -3.5f, float.Epsilon, ordinal],
        Task = ordinal % 2 == 0 ? null : "tâche",
        InputTokens = 12.5,
        Arms =
        [
            new ArmAssessment("small", 0.5, 0.1, 0.001, 1.5, 0.25, 0.75, null, 0.02),
            new ArmAssessment("large", 0.9, 0.2, 0.1, double.NaN, null, 0, ArmExclusions.Disabled, 2),
        ],
        ChosenArm = "small",
        GreedyArm = "small",
        Pinned = ordinal % 5 == 0,
        Propensity = 0.75,
        Draw = 1.0 / 3,
        Seed = ulong.MaxValue - (ulong)ordinal,
        Lambda = -0.0,
        Preferences = new PreferenceWeights(1, 0.5, 2),
        ReservedUsd = 0.001,
        Origin = ordinal % 2 == 0 ? DecisionOrigin.Route : DecisionOrigin.Call,
    };

    /// <summary>A request for one of two models beside the policy, of which the first is the cheaper.</summary>
    /// <param name="costUsd">What a call of the first costs, USD; the second costs twice as much, and each can cost four times that at most.</param>
    public static DecisionRequest Priced(double costUsd = 0.001) => new()
    {
        Features = QueryFeatures.Of("", [], null, 40),
        Candidates = [new PricedCandidate("embedder-b", 2 * costUsd, 8 * costUsd), new PricedCandidate("embedder-a", costUsd, 4 * costUsd)],
        Origin = DecisionOrigin.Call,
    };

    /// <summary>Metrics that nobody listens to.</summary>
    public static EngineMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
