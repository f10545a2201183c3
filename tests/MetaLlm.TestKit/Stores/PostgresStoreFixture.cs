using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.TestKit.Stores;

/// <summary>A fresh database on a test server, which is dropped at the end.</summary>
public sealed class PostgresStoreFixture : IStoreFixture
{
    private readonly PostgresServer _server;
    private readonly Action<PostgresOptions> _configure;
    private readonly List<PostgresDatabase> _others = [];

    private PostgresStoreFixture(PostgresServer server, string connectionString, Action<PostgresOptions> configure)
    {
        _server = server;
        _configure = configure;
        ConnectionString = connectionString;
        Use(Open());
    }

    /// <summary>The database.</summary>
    public string ConnectionString { get; }

    /// <summary>The open database.</summary>
    public PostgresDatabase Database { get; private set; } = null!;

    /// <inheritdoc/>
    public ITenantJournal Journal { get; private set; } = null!;

    /// <inheritdoc/>
    public ITenantDirectory Directory { get; private set; } = null!;

    /// <inheritdoc/>
    public ISnapshotStore Snapshots { get; } = new InMemorySnapshotStore();

    /// <summary>Creates a database with the newest schema.</summary>
    /// <param name="server">Where; null for the server that all tests share.</param>
    /// <param name="writers">Writing connections of each store; tenants that share one share commits.</param>
    /// <param name="configure">Sets further options of each store.</param>
    public static async Task<PostgresStoreFixture> CreateAsync(PostgresServer? server = null, int writers = 2, Action<PostgresOptions>? configure = null)
    {
        server ??= await PostgresServer.SharedAsync();
        return new PostgresStoreFixture(server, await server.CreateDatabaseAsync(), options =>
        {
            (options.Writers, options.ReadPoolSize) = (writers, 4);
            configure?.Invoke(options);
        });
    }

    /// <summary>Creates a database for a suite.</summary>
    /// <param name="store">Makes the store of the database that is open.</param>
    public static async ValueTask<(IStoreFixture Fixture, Func<TPort> Store)> OpenAsync<TPort>(Func<PostgresDatabase, TPort> store)
    {
        var fixture = await CreateAsync();
        return (fixture, () => store(fixture.Database));
    }

    /// <summary>Opens the same database once more, as another process would.</summary>
    public PostgresDatabase OpenAgain()
    {
        var other = Open();
        _others.Add(other);
        return other;
    }

    /// <inheritdoc/>
    public async ValueTask ReopenAsync()
    {
        await Database.DisposeAsync();
        Use(Open());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await Database.DisposeAsync();
        await _server.DropDatabaseAsync(ConnectionString);
    }

    private PostgresDatabase Open()
    {
        var options = new PostgresOptions { ConnectionString = ConnectionString };
        _configure(options);
        return new PostgresDatabase(options, TimeProvider.System, TestTenants.Metrics(), NullLogger<PostgresDatabase>.Instance);
    }

    private void Use(PostgresDatabase database)
    {
        Database = database;
        Journal = new PostgresTenantJournal(database);
        Directory = new PostgresTenantDirectory(database);
    }
}
