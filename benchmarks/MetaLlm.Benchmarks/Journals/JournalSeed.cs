using System.Diagnostics;
using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks.Journals;

/// <summary>
/// Writes a tenant's journal for measuring pages and reports: a month of decisions among three models with settlements and rewards, by a seed. No policy makes them, so that a million take
/// minutes; a host that has to replay them for its tenant refuses the tenant, and pages that only read the journal do not care.
/// </summary>
internal static class JournalSeed
{
    private const int Batch = 1000;
    private const int Dimension = 100;
    private const int Days = 30;
    private const double Explore = 0.06;

    private static readonly string[] Arms = ["small", "medium", "large"];
    private static readonly string[] Tasks = ["chat", "code", "math", "translate", "summary", ""];
    private static readonly double[] Usd = [0.0002, 0.002, 0.02];
    private static readonly double[][] Worth = [[0.7, 0.75, 0.8], [0.3, 0.6, 0.9], [0.2, 0.5, 0.85], [0.8, 0.85, 0.9], [0.75, 0.8, 0.8], [0.5, 0.6, 0.7]];

    /// <summary>Writes it, then asks for its sums twice.</summary>
    /// <param name="kind"><c>--sqlite</c> or <c>--postgres</c>.</param>
    /// <param name="place">File or connection; a PostgreSQL database has been migrated.</param>
    /// <param name="tenant">The tenant, which is new.</param>
    /// <param name="decisions">How many decisions.</param>
    /// <param name="output">Where figures are written.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(string kind, string place, string tenant, int decisions, TextWriter output)
    {
        var storage = kind == "--postgres" ? new StorageSettings { Kind = PostgresDriver.Kind, Postgres = { ConnectionString = place } } : new StorageSettings { Sqlite = { Path = place } };
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(TimeProvider.System);
        storage.Driver.AddServices(services, storage);
        await using var provider = services.BuildServiceProvider();
        foreach (var check in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await check.StartingAsync(default).ConfigureAwait(false);
        }

        var journal = provider.GetRequiredService<ITenantJournal>();
        var began = Stopwatch.GetTimestamp();
        var end = DateTimeOffset.UtcNow;
        await journal.AppendConfigurationAsync(tenant, Configuration(), end.AddDays(-Days), default).ConfigureAwait(false);
        for (var first = 1; first <= decisions; first += Batch)
        {
            var count = Math.Min(Batch, decisions - first + 1);
            DecisionRecord[] made = [.. Enumerable.Range(first, count).Select(ordinal => Decision(tenant, ordinal, end.AddDays(-Days * (1 - ((double)ordinal / decisions)))))];
            await journal.AppendDecisionsAsync(made, default).ConfigureAwait(false);
            await journal.AppendSettlementsAsync(tenant, [.. made.Where(one => one.Ordinal % 50 != 0).Select(Settlement)], made[^1].At, default).ConfigureAwait(false);
            await journal.AppendFeedbackAsync(tenant, [.. made.Where(one => one.Ordinal % 5 < 3).Select(Feedback)], made[^1].At, default).ConfigureAwait(false);
        }

        Tell(output, $"{decisions} decisions written", began);
        var sums = provider.GetRequiredService<IUsageSums>();
        foreach (var time in (string[])["first", "second"])
        {
            began = Stopwatch.GetTimestamp();
            var rows = await sums.ReadSumsAsync(new UsageSumQuery { Tenant = tenant, From = end.AddDays(-Days), To = end, Bucket = UsageBucket.Hour }, default).ConfigureAwait(false);
            Tell(output, $"{time} question: {rows.Rows.Count} sums of {rows.Rows.Sum(row => row.Requests)} requests", began);
        }

        return 0;
    }

    private static void Tell(TextWriter output, string what, long began) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s"));

    private static TenantConfiguration Configuration() => new() { Arms = [.. Arms.Select((id, i) => new Arm { Id = id, Prices = TokenPrices.PerMillion(Usd[i] * 500, Usd[i] * 2000) })] };

    private static double Uniform(ulong stream, long ordinal) => CounterRandom.Uniform(CounterRandom.Bits(11, stream), (ulong)ordinal);

    private static int TaskOf(long ordinal) => (int)(Uniform(1, ordinal) * Tasks.Length);

    private static DecisionRecord Decision(string tenant, long ordinal, DateTimeOffset at)
    {
        var task = TaskOf(ordinal);
        double[] score = [.. Usd.Select((usd, arm) => Worth[task][arm] - (usd * 15))];
        var greedy = Array.IndexOf(score, score.Max());
        double[] propensity = [.. score.Select((_, arm) => (Explore / Arms.Length) + (arm == greedy ? 1 - Explore : 0))];
        var draw = Uniform(2, ordinal);
        var chosen = draw < propensity[0] ? 0 : draw < propensity[0] + propensity[1] ? 1 : 2;
        return new DecisionRecord
        {
            Tenant = tenant,
            DecisionId = string.Create(CultureInfo.InvariantCulture, $"dec-{ordinal}-seed"),
            Ordinal = ordinal,
            AppliedSequence = 1,
            At = at,
            Policy = "metallm",
            PolicyVersion = 1,
            FeatureSchema = "seed",
            Context = [.. Enumerable.Range(0, Dimension).Select(i => i < 8 ? (float)Uniform(10 + (ulong)i, ordinal) : 0)],
            Task = Tasks[task].Length == 0 ? null : Tasks[task],
            InputTokens = 200,
            Arms = [.. Arms.Select((id, arm) => new ArmAssessment(id, Worth[task][arm], 0.05, Usd[arm], 1 + arm, score[arm], propensity[arm], null, Usd[arm] * 4))],
            ChosenArm = Arms[chosen],
            GreedyArm = Arms[greedy],
            Pinned = false,
            Propensity = propensity[chosen],
            Draw = draw,
            Seed = 11,
            Lambda = 15,
            Preferences = new PreferenceWeights(1, 1, 1),
            ReservedUsd = Usd[chosen],
            Origin = DecisionOrigin.Call,
            User = (ulong)(ordinal % 500) + 1,
            Key = string.Create(CultureInfo.InvariantCulture, $"key-{ordinal % 4}"),
        };
    }

    private static Settlement Settlement(DecisionRecord one)
    {
        var arm = Array.IndexOf(Arms, one.ChosenArm);
        var size = 0.5 + Uniform(3, one.Ordinal);
        return new Settlement
        {
            DecisionId = one.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(200, 50, 300 * size), CostUsd = Usd[arm] * size, LatencySeconds = (1 + arm) * size,
        };
    }

    private static FeedbackSubmission Feedback(DecisionRecord one) => new()
    {
        DecisionId = one.DecisionId, Reward = Uniform(4, one.Ordinal) < Worth[TaskOf(one.Ordinal)][Array.IndexOf(Arms, one.ChosenArm)] ? 1 : 0, IdempotencyKey = "seed",
    };
}
