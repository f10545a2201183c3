using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Lab.Tests.Ope;

/// <summary>A database as the product writes it: two arms, of which one answers questions with digits and the other one the rest.</summary>
internal static class ProductLog
{
    public const string Tenant = "acme";

    public static async Task WriteAsync(string file, ProductTraffic traffic)
    {
        await using var services = new ServiceCollection().AddMetaLlmMetrics().BuildServiceProvider();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = file, Durability = SqliteDurability.ProcessCrash },
            TimeProvider.System,
            services.GetRequiredService<EngineMetrics>(),
            NullLogger<SqliteDatabase>.Instance);
        await WriteAsync(new SqliteTenantJournal(database), traffic);
    }

    /// <summary>Lets decisions go that were made before a time, as a gateway does.</summary>
    public static async Task ArchiveAsync(string file, string archive, DateTimeOffset before)
    {
        await using var services = new ServiceCollection().AddMetaLlmMetrics().BuildServiceProvider();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = file, Durability = SqliteDurability.ProcessCrash },
            TimeProvider.System,
            services.GetRequiredService<EngineMetrics>(),
            NullLogger<SqliteDatabase>.Instance);
        await ArchiveAsync(new SqliteTenantJournal(database), new SqliteRetention(database), archive, before);
    }

    /// <summary>Writes what a gateway exports.</summary>
    public static async Task ExportAsync(string file, string output, DateTimeOffset from, DateTimeOffset to)
    {
        await using var services = new ServiceCollection().AddMetaLlmMetrics().BuildServiceProvider();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = file, Durability = SqliteDurability.ProcessCrash },
            TimeProvider.System,
            services.GetRequiredService<EngineMetrics>(),
            NullLogger<SqliteDatabase>.Instance);
        await using var stream = File.Create(output);
        await DecisionLogFile.WriteAsync(new SqliteTenantJournal(database), Tenant, from, to, stream, CancellationToken.None);
    }

    private static async Task ArchiveAsync(SqliteTenantJournal journal, SqliteRetention retention, string archive, DateTimeOffset before)
    {
        var head = (await journal.ReadHeadsAsync([Tenant], CancellationToken.None))[0];
        await journal.SetBaseAsync(Tenant, new Snapshot(head.LastSequence, head.LastOrdinal, new byte[] { 1 }), CancellationToken.None);
        while (await retention.FindDroppableAsync(Tenant, before, 64, CancellationToken.None) is { Count: > 0 } decisions)
        {
            await new JournalArchive(archive).WriteAsync(Tenant, decisions, CancellationToken.None);
            Assert.True(await retention.DropAsync(Tenant, decisions[^1].Stored.Decision.Ordinal, CancellationToken.None));
        }
    }

    public static async Task WriteAsync(ITenantJournal journal, ProductTraffic traffic)
    {
        var state = TenantState.Create(Tenant, "none", new LinearReduction("none", 1, [1f], [0f], 1));
        var at = DateTimeOffset.UnixEpoch;
        state.Apply(await journal.AppendConfigurationAsync(Tenant, Configuration(traffic), at, CancellationToken.None));
        for (var i = 0; i < traffic.Decisions; i++, at += traffic.Step)
        {
            if (i == traffic.WarmStartAt)
            {
                state.Apply(await journal.AppendWarmStartAsync(Tenant, WarmStart(), at, CancellationToken.None));
            }

            if (i == traffic.QuizAt)
            {
                var quiz = new QuizSet { ArmId = "digits", Outcomes = WarmStart() };
                state.Apply(await journal.AppendQuizAsync(Tenant, quiz, at, CancellationToken.None));
            }

            bool Every(int n) => n > 0 && i % n == 0;
            var digits = CounterRandom.Uniform(5, (ulong)i) < 0.5;
            var decision = state.Decide(new DecisionRequest { Features = Query(digits), PinnedArm = Every(traffic.PinnedEvery) ? "words" : null }, at);
            await journal.AppendDecisionsAsync([decision], CancellationToken.None);
            state.Apply(decision);
            var served = decision.ChosenArm;
            if (Every(traffic.ReroutedEvery))
            {
                served = served == "words" ? "digits" : "words";
                state.Apply((await journal.AppendRerouteAsync(
                    Tenant, new Reroute(decision.DecisionId, served, 0.001, "down"), at, CancellationToken.None))!);
            }

            state.Apply((await journal.AppendSettlementAsync(
                Tenant,
                new Settlement
                {
                    DecisionId = decision.DecisionId,
                    Outcome = CallOutcome.Completed,
                    Usage = new TokenUsage(10, 0, 100),
                    CostUsd = served == "words" ? 0.001 : 0.002,
                    LatencySeconds = 1,
                },
                at,
                CancellationToken.None))!);
            if (Every(traffic.UnrewardedEvery))
            {
                continue;
            }

            var reward = (served == "digits") == digits ? 0.9 : 0.3;
            var receipts = await journal.AppendFeedbackAsync(
                Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, IdempotencyKey = "k", Reward = reward }], at, CancellationToken.None);
            state.Apply(receipts[0].Recorded!);
        }
    }

    private static TenantConfiguration Configuration(ProductTraffic traffic) => new()
    {
        Arms =
        [
            new Arm { Id = "words", Prices = new TokenPrices(0, 0, 1e-5), PriorOutputTokens = 100 },
            new Arm { Id = "digits", Prices = new TokenPrices(0, 0, 2e-5), PriorOutputTokens = 100 },
        ],
        Policy = traffic.Policy,
        PolicyOptions = traffic.Options,
        Parts = ContextParts.Structural,
    };

    private static WarmStartSet WarmStart() => new()
    {
        EmbeddingModelId = "none",
        ArmIds = ["digits", "words"],
        Rows = [.. Enumerable.Range(0, 60).Select(i => new WarmStartQuery(
            Query(i % 2 == 0),
            [i % 2 == 0 ? 0.9 : 0.3, i % 2 == 0 ? 0.3 : 0.9],
            [new TokenUsage(10, 0, 90 + i), new TokenUsage(10, 0, 120 - i)],
            [0.002, 0.001],
            [double.NaN, 1]))],
    };

    private static QueryFeatures Query(bool digits)
    {
        var structural = new float[StructuralFeatures.Count];
        StructuralFeatures.Extract(digits ? "What is 12345 * 6789 + 13579?" : "Tell me about old towns by the sea", structural);
        return new QueryFeatures(structural, [], null, 10);
    }
}
