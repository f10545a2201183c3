using System.Diagnostics;
using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>
/// What one tenant can do, and what bounds it: its state alone on one thread, its owner over a journal, and beside that many tenants on the same machine.
/// Where one tenant does as much as many, the owner is not what bounds it.
/// </summary>
internal static class TenantCeiling
{
    private const int Callers = 512;
    private const int Rounds = 3;
    private const int Many = 16;
    private const int StateRequests = 20_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    public static async Task<int> MeasureAsync(TextWriter output)
    {
        await output.WriteLineAsync($"K = 8; {Callers} callers; median of {Rounds} rounds of {Length.TotalSeconds} s. A request is a decision, its settlement and a reward.");
        foreach (var shape in new[] { TenantShape.Small, TenantShape.Standard })
        {
            await MeasureStateAsync(shape, output);
            foreach (var store in EngineStage.Stores)
            {
                await MeasureEngineAsync(store, shape, output);
            }
        }

        return 0;
    }

    /// <summary>A tenant with one owner, and beside it one with several, in rounds that alternate. Exchanges of what the owners see are part of it.</summary>
    public static async Task<int> MeasureShardsAsync(int shards, TextWriter output)
    {
        await output.WriteLineAsync($"K = 8; {Callers} callers; median of {Rounds} rounds of {Length.TotalSeconds} s. A request is a decision, its settlement and a reward.");
        foreach (var shape in new[] { TenantShape.Small, TenantShape.Standard })
        {
            foreach (var store in EngineStage.Stores)
            {
                await using var stage = await EngineStage.StartAsync(store, shape);
                (string Tenant, TenantConfiguration Configuration)[] tenants = [("ceiling-one", shape.Configuration), ("ceiling-sharded", shape.Configuration with { Shards = shards })];
                foreach (var (tenant, configuration) in tenants)
                {
                    await stage.Engine.DeleteTenantAsync(tenant, CancellationToken.None);
                    await stage.Engine.ConfigureAsync(tenant, configuration, CancellationToken.None);
                    await RunAsync(stage.Engine, [tenant], shape, whole: true);
                }

                var (one, several) = (new Result[Rounds], new Result[Rounds]);
                for (var round = 0; round < Rounds; round++)
                {
                    one[round] = await RunAsync(stage.Engine, [tenants[0].Tenant], shape, whole: true);
                    several[round] = await RunAsync(stage.Engine, [tenants[1].Tenant], shape, whole: true);
                }

                await ReportAsync(output, store, shape, whole: true, "1 owner", one);
                await ReportAsync(output, store, shape, whole: true, $"{shards} owners", several);
            }
        }

        return 0;
    }

    /// <summary>The fold alone: no journal, no messages, one thread.</summary>
    private static async Task MeasureStateAsync(TenantShape shape, TextWriter output)
    {
        var (decide, settle, reward) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = -1; round < Rounds; round++)
        {
            var measured = MeasureState(shape);
            if (round >= 0)
            {
                (decide[round], settle[round], reward[round]) = measured;
            }
        }

        var whole = Median(decide) + Median(settle) + Median(reward);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"d = {shape.Dimensions,-4} state alone      decide {Median(decide):F1} us, settle {Median(settle):F1} us, reward {Median(reward):F1} us: at most {1e6 / whole:N0} requests/s on one thread"));
    }

    private static (double Decide, double Settle, double Reward) MeasureState(TenantShape shape)
    {
        var embedder = new NoEmbedder(shape.Embedding);
        var state = TenantState.Create("ceiling", embedder.Model.Id, embedder.Model.Reduction);
        var at = DateTimeOffset.UnixEpoch;
        var sequence = 0L;
        state.Apply(new ConfiguredEvent { Sequence = ++sequence, At = at, Configuration = shape.Configuration });
        var (decide, settle, reward) = (0L, 0L, 0L);
        for (var i = 0; i < StateRequests; i++)
        {
            var request = shape.Command(i);
            var began = Stopwatch.GetTimestamp();
            var decision = state.Decide(request, at);
            state.Apply(decision);
            var decided = Stopwatch.GetTimestamp();
            var facts = DecisionFacts.Of(decision);
            state.Apply(new SettledEvent
            {
                Sequence = ++sequence, At = at, Decision = facts, Outcome = CallOutcome.Completed, Usage = new(100, 0, 200), CostUsd = 1e-4, LatencySeconds = 1,
            });
            var settled = Stopwatch.GetTimestamp();
            state.Apply(new RewardedEvent { Sequence = ++sequence, At = at, Decision = facts, Reward = i % 3 / 2.0, PreviousReward = null });
            var rewarded = Stopwatch.GetTimestamp();
            decide += decided - began;
            settle += settled - decided;
            reward += rewarded - settled;
            at += TimeSpan.FromMilliseconds(1);
        }

        return (Micros(decide), Micros(settle), Micros(reward));
    }

    private static double Micros(long ticks) => ticks * 1e6 / Stopwatch.Frequency / StateRequests;

    private static async Task MeasureEngineAsync(string store, TenantShape shape, TextWriter output)
    {
        await using var stage = await EngineStage.StartAsync(store, shape);
        string[] one = ["ceiling-one"];
        string[] many = [.. Enumerable.Range(0, Many).Select(t => $"ceiling-{t}")];
        foreach (var tenant in one.Concat(many))
        {
            // A database that was measured on before holds them already.
            await stage.Engine.DeleteTenantAsync(tenant, CancellationToken.None);
            await stage.Engine.ConfigureAsync(tenant, shape.Configuration, CancellationToken.None);
        }

        await RunAsync(stage.Engine, many, shape, whole: true);
        await RunAsync(stage.Engine, one, shape, whole: true);
        foreach (var whole in new[] { false, true })
        {
            var (alone, beside) = (new Result[Rounds], new Result[Rounds]);
            for (var round = 0; round < Rounds; round++)
            {
                alone[round] = await RunAsync(stage.Engine, one, shape, whole);
                beside[round] = await RunAsync(stage.Engine, many, shape, whole);
            }

            await ReportAsync(output, store, shape, whole, "1 tenant", alone);
            await ReportAsync(output, store, shape, whole, $"{Many} tenants", beside);
        }
    }

    private static Task ReportAsync(TextWriter output, string store, TenantShape shape, bool whole, string tenants, Result[] rounds) =>
        output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"d = {shape.Dimensions,-4} {store,-9} {tenants,-11} {Median([.. rounds.Select(r => r.Rate)]),8:N0} {(whole ? "requests/s " : "decisions/s")}  p50 {Median([.. rounds.Select(r => r.P50)]):F1} ms, p99 {Median([.. rounds.Select(r => r.P99)]):F1} ms, processor {Median([.. rounds.Select(r => r.Cores)]):F2} of {Environment.ProcessorCount} cores, {Median([.. rounds.Select(r => r.Micros)]):F0} us each"));

    private static async Task<Result> RunAsync(ITenantEngine engine, string[] tenants, TenantShape shape, bool whole)
    {
        using var process = Process.GetCurrentProcess();
        var times = new List<double>[Callers];
        var (used, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var mine = times[caller] = [];
            for (var i = 0; Stopwatch.GetElapsedTime(began) < Length; i++)
            {
                var asked = Stopwatch.GetTimestamp();
                await RequestAsync(engine, tenants[caller % tenants.Length], shape.Command(caller + i), i, whole);
                mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        var processor = (process.TotalProcessorTime - used).TotalSeconds;
        double[] all = [.. times.SelectMany(mine => mine).Order()];
        return new Result(all.Length / seconds, all[all.Length / 2], all[all.Length * 99 / 100], processor / seconds, processor * 1e6 / all.Length);
    }

    private static async Task RequestAsync(ITenantEngine engine, string tenant, DecisionRequest request, int number, bool whole)
    {
        var decision = await engine.DecideAsync(tenant, request, CancellationToken.None);
        if (!whole)
        {
            return;
        }

        var settlement = new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new(100, 0, 200), CostUsd = 1e-4, LatencySeconds = 1 };
        var feedback = new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = number % 3 / 2.0, IdempotencyKey = "1" };
        await Task.WhenAll(
            engine.SettleAsync(tenant, settlement, CancellationToken.None).AsTask(),
            engine.SubmitFeedbackAsync(tenant, [feedback], CancellationToken.None).AsTask());
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private sealed record Result(double Rate, double P50, double P99, double Cores, double Micros);
}
