using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess.Tests;

/// <summary>The in-process engine over a store, both built by hand so that a test can pull them apart.</summary>
public sealed class InProcessEngineFixture : IEngineFixture
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(5);

    private readonly IStoreFixture _store;
    private readonly IEmbedder _embedder;
    private readonly TenantRuntimeOptions _options;
    private readonly List<InProcessTenantEngine> _peers = [];

    public InProcessEngineFixture(IStoreFixture store, TenantRuntimeOptions? options = null, IEmbedder? embedder = null)
    {
        _store = store;
        _embedder = embedder ?? new FixedEmbedder();
        _options = options ?? new TenantRuntimeOptions { CheckpointEvery = 7, ReplayPageSize = 5, UnsettledLimit = TimeSpan.FromDays(1) };
        Faults = new FaultyJournal(store.Journal);
        InProcess = Start(Faults);
    }

    public InProcessTenantEngine InProcess { get; private set; }

    public FaultyJournal Faults { get; private set; }

    public ITenantEngine Engine => InProcess;

    public ITenantJournal Journal => _store.Journal;

    public ISnapshotStore Snapshots => _store.Snapshots;

    public EmbeddingModelInfo Model => _embedder.Model;

    public ManualTimeProvider Time { get; } = new();

    public async ValueTask CrashAsync()
    {
        Faults.Sever();
        await _store.ReopenAsync();
        Faults = new FaultyJournal(_store.Journal);
        InProcess = Start(Faults);
    }

    public async ValueTask RestartAsync()
    {
        await InProcess.DisposeAsync();
        await CrashAsync();
    }

    public async ValueTask EvictIdleAsync()
    {
        Time.Advance(IdleTimeout);
        await InProcess.MaintainAsync(default);
    }

    public ValueTask<ITenantEngine> StartPeerAsync()
    {
        var peer = Start(_store.Journal);
        _peers.Add(peer);
        return ValueTask.FromResult<ITenantEngine>(peer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        await InProcess.DisposeAsync();
        await _store.DisposeAsync();
    }

    private InProcessTenantEngine Start(ITenantJournal journal)
    {
        var metrics = TestTenants.Metrics();
        var services = new TenantRuntimeServices(
            journal, _store.Snapshots, _embedder, Time, Options.Create(_options), metrics, NullLogger<TenantRuntime>.Instance);
        return new InProcessTenantEngine(
            services,
            journal,
            Options.Create(new InProcessEngineOptions { IdleTimeout = IdleTimeout, MailboxCapacity = 16 }),
            Time,
            metrics,
            NullLogger<InProcessTenantEngine>.Instance);
    }
}
