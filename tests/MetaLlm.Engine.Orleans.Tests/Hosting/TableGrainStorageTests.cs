using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Tests.Hosting;

/// <summary>The rows are those of Orleans' ADO.NET provider, which kept snapshots in SQLite before.</summary>
public sealed class TableGrainStorageTests : IAsyncLifetime, IDisposable
{
    private const string Provider = "provider";
    private const string Own = "own";

    private SqliteStoreFixture _store = null!;
    private IHost _silo = null!;

    public Task InitializeAsync()
    {
        _store = new SqliteStoreFixture();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<Ports.IGrainStateTable>(new SqliteGrainStateTable(_store.Database));
        builder.UseOrleans(silo => silo
            .UseMetaLlmCluster(new OrleansClusterOptions())
            .AddMetaLlmSnapshots(SnapshotStorage.Journal, name: Own)
            .AddAdoNetGrainStorage(Provider, options => options.Configure<IServiceProvider>((adoNet, services) =>
            {
                adoNet.Invariant = "System.Data.SQLite";
                adoNet.ConnectionString = $"Data Source={_store.File};Pooling=False";
                adoNet.GrainStorageSerializer = ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services);
            })));
        _silo = builder.Build();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    public void Dispose() => _silo.Dispose();

    [Theory]
    [InlineData("acme")]
    [InlineData("ünïcode/key #1")]
    [InlineData("42")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef+text")]
    public async Task It_reads_and_replaces_what_the_provider_wrote_and_the_provider_what_it_wrote(string tenant)
    {
        var grain = GrainId.Create("metallm.tenant-policy", tenant);
        var provider = await ProviderAsync();
        var own = _silo.Services.GetRequiredKeyedService<IGrainStorage>(Own);

        await provider.WriteStateAsync("snapshot", grain, new GrainState<SnapshotState>(new SnapshotState { Bytes = [1, 2, 3], AppliedSequence = 7 }));
        var read = new GrainState<SnapshotState>();
        await own.ReadStateAsync("snapshot", grain, read);
        Assert.Equal([1, 2, 3], read.State!.Bytes);
        Assert.Equal((7L, "1", true), (read.State.AppliedSequence, read.ETag, read.RecordExists));

        read.State = new SnapshotState { Bytes = [4], AppliedSequence = 8 };
        await own.WriteStateAsync("snapshot", grain, read);
        var again = new GrainState<SnapshotState>();
        await provider.ReadStateAsync("snapshot", grain, again);
        Assert.Equal([4], again.State!.Bytes);
        Assert.Equal((8L, "2"), (again.State.AppliedSequence, again.ETag));

        // A second owner that knows an older version only is refused.
        await Assert.ThrowsAsync<InconsistentStateException>(() => own.WriteStateAsync(
            "snapshot", grain, new GrainState<SnapshotState>(new SnapshotState(), "1")));

        await own.ClearStateAsync("snapshot", grain, read);
        Assert.False(read.RecordExists);
        await provider.ReadStateAsync("snapshot", grain, again);
        Assert.Equal((false, "3"), (again.RecordExists, again.ETag));
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var read = new GrainState<SnapshotState>();
        await _silo.Services.GetRequiredKeyedService<IGrainStorage>(Own).ReadStateAsync("snapshot", GrainId.Create("metallm.tenant-policy", "none"), read);
        Assert.Equal((false, null), (read.RecordExists, read.ETag));
        Assert.Null(read.State!.Bytes);
    }

    /// <summary>The provider, with its statements read, as a silo has it after its start.</summary>
    private async Task<IGrainStorage> ProviderAsync()
    {
        var provider = _silo.Services.GetRequiredKeyedService<IGrainStorage>(Provider);
        var lifecycle = new RecordedLifecycle();
        ((ILifecycleParticipant<ISiloLifecycle>)provider).Participate(lifecycle);
        await Assert.Single(lifecycle.Observers).OnStart(default);
        return provider;
    }

    private sealed class RecordedLifecycle : ISiloLifecycle
    {
        public List<ILifecycleObserver> Observers { get; } = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observers.Add(observer);
            return new MemoryStream();
        }
    }
}
