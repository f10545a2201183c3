using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Engine.InProcess.Tests;

/// <summary>A SQLite file in a directory of its own, removed at the end.</summary>
public sealed class SqliteStore : IStoreFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-test-").FullName;
    private SqliteDatabase _database;

    public SqliteStore()
    {
        _database = Open();
        (Journal, Snapshots) = (new SqliteTenantJournal(_database), new SqliteSnapshotStore(_database));
    }

    public ITenantJournal Journal { get; private set; }

    public ISnapshotStore Snapshots { get; private set; }

    public async ValueTask ReopenAsync()
    {
        await _database.DisposeAsync();
        _database = Open();
        (Journal, Snapshots) = (new SqliteTenantJournal(_database), new SqliteSnapshotStore(_database));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(
        new SqliteOptions { Path = Path.Combine(_directory, "metallm.db"), Durability = SqliteDurability.ProcessCrash },
        TimeProvider.System,
        TestTenants.Metrics(),
        NullLogger<SqliteDatabase>.Instance);
}
