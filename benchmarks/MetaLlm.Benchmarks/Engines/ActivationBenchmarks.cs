using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.InProcess;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>
/// The first call of a tenant that is not in memory: its snapshot is loaded, and 1,000 events (500 settlements, 500 rewards) with
/// the 500 decisions that they are about are replayed on top. One operation is one tenant; each is used once.
/// </summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 1, warmupCount: 5, iterationCount: 100, invocationCount: 1)]
public class ActivationBenchmarks
{
    private const int Tenants = 106;
    private const int Decisions = 500;
    private EngineStage _stage = null!;
    private InProcessTenantEngine _writer = null!;
    private int _next;

    public static IEnumerable<string> Engines => EngineStage.Engines;

    public static IEnumerable<string> Stores => EngineStage.Stores;

    [ParamsSource(nameof(Engines))]
    public string Engine { get; set; } = "";

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => StopAsync().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<TenantReport> Activate() => await _stage.Engine.DescribeAsync($"cold-{_next++ % Tenants}", CancellationToken.None);

    private async Task StartAsync()
    {
        // No snapshots meanwhile: what is written must be replayed. The writer is another owner, left running as after a crash.
        _stage = await EngineStage.StartAsync(Engine, Store, tenants => tenants.CheckpointEvery = 1_000_000);
        _writer = _stage.StartPeer();
        await Parallel.ForAsync(0, Tenants, async (tenant, cancellationToken) => await WriteAsync($"cold-{tenant}", cancellationToken));
    }

    private async Task WriteAsync(string tenant, CancellationToken cancellationToken)
    {
        await _writer.ConfigureAsync(tenant, EngineStage.Configuration, cancellationToken);
        await Parallel.ForAsync(0, Decisions, cancellationToken, async (query, cancellation) =>
        {
            var decision = await _writer.DecideAsync(tenant, EngineStage.Command(query), cancellation);
            await _writer.SettleAsync(
                tenant,
                new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new(100, 0, 200), CostUsd = 1e-4, LatencySeconds = 1 },
                cancellation);
            await _writer.SubmitFeedbackAsync(
                tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = query % 2, IdempotencyKey = "1" }], cancellation);
        });
    }

    private async Task StopAsync()
    {
        await _stage.DisposeAsync();
        await _writer.DisposeAsync();
    }
}
