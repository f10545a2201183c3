using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Storage.Tests;

/// <summary>A SQLite file in a directory of its own, removed at the end.</summary>
public sealed class SqliteFixture : IStoreFixture
{
    private readonly SqliteOptions _options;

    public SqliteFixture(string? directory = null)
    {
        Directory = directory ?? System.IO.Directory.CreateTempSubdirectory("metallm-test-").FullName;
        _options = new SqliteOptions { Path = Path.Combine(Directory, "metallm.db"), Durability = SqliteDurability.ProcessCrash };
        Database = Open();
        (Journal, Snapshots) = (new SqliteTenantJournal(Database), new SqliteSnapshotStore(Database));
    }

    public string Directory { get; }

    public string File => _options.Path;

    public SqliteDatabase Database { get; private set; }

    public ITenantJournal Journal { get; private set; }

    public ISnapshotStore Snapshots { get; private set; }

    public SqliteDatabase Open() =>
        SqliteDatabase.Open(_options, TimeProvider.System, TestTenants.Metrics(), NullLogger<SqliteDatabase>.Instance);

    public async ValueTask ReopenAsync()
    {
        await Database.DisposeAsync();
        Database = Open();
        (Journal, Snapshots) = (new SqliteTenantJournal(Database), new SqliteSnapshotStore(Database));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
