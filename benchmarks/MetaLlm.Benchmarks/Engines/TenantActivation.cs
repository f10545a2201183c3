using System.Diagnostics;
using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>
/// How long the first call of a tenant takes that is not in memory: its journal of 1,000 events (500 settlements, 500 rewards) and
/// the 500 decisions that they are about is read and folded in. Each tenant is used once.
/// </summary>
internal static class TenantActivation
{
    private const int WarmUp = 20;
    private const int Tenants = 120;
    private const int Decisions = 500;

    public static async Task<int> MeasureAsync(TextWriter output)
    {
        await output.WriteLineAsync(
            $"First call of a cold tenant: {2 * Decisions} events and {Decisions} decisions to replay, d = 32, K = 8; {Tenants - WarmUp} tenants, one after the other.");
        foreach (var store in EngineStage.Stores)
        {
            var times = await MeasureAsync(store);
            Array.Sort(times);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{store,-10} p50 {times[times.Length / 2]:F1} ms   p95 {times[times.Length * 95 / 100]:F1} ms"));
        }

        return 0;
    }

    private static async Task<double[]> MeasureAsync(string store)
    {
        // Snapshots end with the silo, so all that is written must be replayed.
        await using var stage = await EngineStage.StartAsync(store, TenantShape.Small, tenants => tenants.CheckpointEvery = 1_000_000);
        await Parallel.ForAsync(0, Tenants, async (tenant, cancellationToken) => await WriteAsync(stage.Engine, Name(tenant), cancellationToken));
        await stage.StartAgainAsync();
        var times = new double[Tenants - WarmUp];
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var started = Stopwatch.GetTimestamp();
            await stage.Engine.DecideAsync(Name(tenant), TenantShape.Small.Command(tenant), CancellationToken.None);
            if (tenant >= WarmUp)
            {
                times[tenant - WarmUp] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        return times;
    }

    private static string Name(int tenant) => $"cold-{tenant}";

    private static async Task WriteAsync(ITenantEngine writer, string tenant, CancellationToken cancellationToken)
    {
        await writer.ConfigureAsync(tenant, TenantShape.Small.Configuration, cancellationToken);
        await Parallel.ForAsync(0, Decisions, cancellationToken, async (query, cancellation) =>
        {
            var decision = await writer.DecideAsync(tenant, TenantShape.Small.Command(query), cancellation);
            await writer.SettleAsync(
                tenant,
                new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new(100, 0, 200), CostUsd = 1e-4, LatencySeconds = 1 },
                cancellation);
            await writer.SubmitFeedbackAsync(
                tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = query % 2, IdempotencyKey = "1" }], cancellation);
        });
    }
}
