using BenchmarkDotNet.Attributes;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.InProcess;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks;

/// <summary>
/// The in-process engine on a database on disk, flushed at every commit: 64 tenants, 1,024 callers. One operation is one durable
/// decision, or one durable piece of feedback.
/// </summary>
public class EngineBenchmarks
{
    private const int Tenants = 64;
    private const int Callers = 1024;
    private const int PerCaller = 8;
    private readonly string[] _names = [.. Enumerable.Range(0, Tenants).Select(t => $"tenant-{t}")];
    private readonly string[] _decisions = new string[Callers];
    private DirectoryInfo _folder = null!;
    private ServiceProvider _services = null!;
    private ITenantEngine _engine = null!;
    private int _round;

    // The in-process toolchain does not await a setup: it blocks here, outside of what is measured.
    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => StopAsync().GetAwaiter().GetResult();

    private async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("metallm-bench-");
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IEmbedder>(new NoEmbedder())
            .AddMetaLlmSqlite(o => o.Path = Path.Combine(_folder.FullName, "bench.db"))
            .AddMetaLlmInProcessEngine()
            .BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        _engine = _services.GetRequiredService<ITenantEngine>();
        var configuration = new TenantConfiguration
        {
            Parts = ContextParts.Structural,
            Arms = [.. Enumerable.Range(0, 8).Select(a => new Arm { Id = $"arm-{a}", Prices = TokenPrices.PerMillion(0.1 * (a + 1), 0.4 * (a + 1)) })],
        };
        foreach (var tenant in _names)
        {
            await _engine.ConfigureAsync(tenant, configuration, CancellationToken.None);
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            _decisions[caller] = (await _engine.DecideAsync(_names[caller % Tenants], Command(caller), CancellationToken.None)).DecisionId));
    }

    private async Task StopAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Callers * PerCaller)]
    public Task Decide() => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        for (var i = 0; i < PerCaller; i++)
        {
            await _engine.DecideAsync(_names[caller % Tenants], Command(caller + i), CancellationToken.None);
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
                await _engine.SubmitFeedbackAsync(_names[caller % Tenants], [submission], CancellationToken.None);
            }
        }));
    }

    private static DecideCommand Command(int query)
    {
        var structural = new float[StructuralFeatures.Count];
        structural[0] = query % 7;
        structural[3] = query % 3;
        return new DecideCommand { Features = new QueryFeatures(structural, [], null, 100) };
    }
}
