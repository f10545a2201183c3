using BenchmarkDotNet.Attributes;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>
/// An engine on a database that is flushed at every commit: 64 tenants with d = 32 and K = 8, 1,024 callers. One operation is one durable decision, or one
/// durable piece of feedback.
/// </summary>
public class EngineBenchmarks
{
    private const int Tenants = 64;
    private const int Callers = 1024;
    private const int PerCaller = 8;
    private readonly string[] _names = [.. Enumerable.Range(0, Tenants).Select(t => $"tenant-{t}")];
    private readonly string[] _decisions = new string[Callers];
    private EngineStage _stage = null!;
    private int _round;

    public static IEnumerable<string> Stores => EngineStage.Stores;

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    // The in-process toolchain does not await a setup: it blocks here, outside of what is measured.
    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => _stage.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Callers * PerCaller)]
    public Task Decide() => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        for (var i = 0; i < PerCaller; i++)
        {
            await _stage.Engine.DecideAsync(_names[caller % Tenants], TenantShape.Small.Command(caller + i), CancellationToken.None);
        }
    }));

    [Benchmark(OperationsPerInvoke = Callers * PerCaller)]
    public Task Feedback()
    {
        var round = _round++;
        return Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var i = 0; i < PerCaller; i++)
            {
                var submission = new FeedbackSubmission { DecisionId = _decisions[caller], Reward = i / 8.0, IdempotencyKey = $"{round}-{i}" };
                await _stage.Engine.SubmitFeedbackAsync(_names[caller % Tenants], [submission], CancellationToken.None);
            }
        }));
    }

    private async Task StartAsync()
    {
        _stage = await EngineStage.StartAsync(Store, TenantShape.Small);
        foreach (var tenant in _names)
        {
            await _stage.Engine.ConfigureAsync(tenant, TenantShape.Small.Configuration, CancellationToken.None);
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            _decisions[caller] = (await _stage.Engine.DecideAsync(_names[caller % Tenants], TenantShape.Small.Command(caller), CancellationToken.None)).DecisionId));
    }
}
