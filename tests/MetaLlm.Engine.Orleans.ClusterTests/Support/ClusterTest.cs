using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>What the tests of clusters have in common: a database of their own, and a look into it that is independent of any silo.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    private PostgresStoreFixture? _store;

    internal const int Callers = 8;

    protected ITenantJournal Journal => _store!.Journal;

    protected string Database => _store!.ConnectionString;

    /// <summary>Skipped tests are initialized too, hence nothing may fail here where there is no server.</summary>
    public async Task InitializeAsync()
    {
        if (PostgresServer.Unavailable is null)
        {
            _store = await PostgresStoreFixture.CreateAsync(await StartServerAsync());
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    protected static IReadOnlyList<string> Tenants(int count) => [.. Enumerable.Range(0, count).Select(i => $"tenant-{i}")];

    protected virtual Task<PostgresServer> StartServerAsync() => PostgresServer.SharedAsync();
}
