using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>The Orleans engine on one silo over a store that outlives it; a crash kills the silo.</summary>
public sealed class OrleansEngineFixture : IEngineFixture
{
    /// <summary>How much time passes when tenants become idle.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    private readonly IStoreFixture _store;
    private readonly FixedEmbedder _embedder = new();
    private readonly Action<OrleansEngineOptions>? _engine;
    private readonly Action<TenantRuntimeOptions>? _tenants;
    private readonly Action<global::Orleans.Hosting.ISiloBuilder>? _silo;
    private readonly List<MetaLlmCluster> _peers = [];

    private OrleansEngineFixture(
        IStoreFixture store,
        Action<OrleansEngineOptions>? engine,
        Action<TenantRuntimeOptions>? tenants,
        Action<global::Orleans.Hosting.ISiloBuilder>? silo)
    {
        _store = store;
        _engine = engine;
        _tenants = tenants;
        _silo = silo;
        Faults = new FaultyJournal(store.Journal);
    }

    public MetaLlmCluster Cluster { get; private set; } = null!;

    public FaultyJournal Faults { get; private set; }

    public ITenantEngine Engine => Cluster.Engine;

    public ITenantJournal Journal => _store.Journal;

    public ISnapshotStore Snapshots => _store.Snapshots;

    public EmbeddingModelInfo Model => _embedder.Model;

    public ManualTimeProvider Time { get; } = new();

    public static async Task<OrleansEngineFixture> StartAsync(
        IStoreFixture store,
        Action<OrleansEngineOptions>? engine = null,
        Action<TenantRuntimeOptions>? tenants = null,
        Action<global::Orleans.Hosting.ISiloBuilder>? silo = null)
    {
        var fixture = new OrleansEngineFixture(store, engine, tenants, silo);
        fixture.Cluster = await fixture.StartClusterAsync(fixture.Faults);
        return fixture;
    }

    public async ValueTask CrashAsync()
    {
        Faults.Sever();
        await Cluster.KillAsync();
        await StartAgainAsync();
    }

    public async ValueTask RestartAsync()
    {
        await Cluster.DisposeAsync();
        await StartAgainAsync();
    }

    public async ValueTask EvictIdleAsync()
    {
        Time.Advance(IdleTime);
        await Cluster.DeactivateTenantsAsync();
    }

    public async ValueTask<ITenantEngine> StartPeerAsync()
    {
        var peer = await StartClusterAsync(_store.Journal);
        _peers.Add(peer);
        return peer.Engine;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task StartAgainAsync()
    {
        await _store.ReopenAsync();
        Faults = new FaultyJournal(_store.Journal);
        Cluster = await StartClusterAsync(Faults);
    }

    private Task<MetaLlmCluster> StartClusterAsync(ITenantJournal journal)
    {
        var setup = new SiloSetup
        {
            Journal = journal,
            Snapshots = _store.Snapshots,
            Embedder = _embedder,
            Time = Time,
            Engine = _engine,
            Silo = _silo,
        };
        return MetaLlmCluster.StartAsync(_tenants is null ? setup : setup with { Tenants = _tenants });
    }
}
