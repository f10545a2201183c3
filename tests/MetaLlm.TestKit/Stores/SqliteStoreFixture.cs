using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.TestKit.Stores;

/// <summary>A SQLite file in a directory of its own, which is removed at the end.</summary>
public sealed class SqliteStoreFixture : IStoreFixture
{
    private readonly string _directory = System.IO.Directory.CreateTempSubdirectory("metallm-test-").FullName;
    private readonly List<SqliteDatabase> _others = [];

    /// <summary>Opens an empty file.</summary>
    public SqliteStoreFixture() => Use(Open(File));

    /// <summary>Path of the file.</summary>
    public string File => Path.Combine(_directory, "metallm.db");

    /// <summary>The open file.</summary>
    public SqliteDatabase Database { get; private set; } = null!;

    /// <inheritdoc/>
    public ITenantJournal Journal { get; private set; } = null!;

    /// <inheritdoc/>
    public ITenantDirectory Directory { get; private set; } = null!;

    /// <inheritdoc/>
    public ISnapshotStore Snapshots { get; } = new InMemorySnapshotStore();

    /// <summary>Opens an empty file for a suite.</summary>
    /// <param name="store">Makes the store of the file that is open.</param>
    public static ValueTask<(IStoreFixture Fixture, Func<TPort> Store)> OpenAsync<TPort>(Func<SqliteDatabase, TPort> store)
    {
        var fixture = new SqliteStoreFixture();
        return ValueTask.FromResult<(IStoreFixture, Func<TPort>)>((fixture, () => store(fixture.Database)));
    }

    /// <summary>Opens the same file once more, as another process would.</summary>
    public SqliteDatabase OpenAgain() => OpenOther(File);

    /// <summary>Copies the file and its log as they lie on the disk at this moment, and opens the copy, as after a crash.</summary>
    public SqliteDatabase OpenCrashedCopy()
    {
        var copy = Path.Combine(_directory, $"copy-{_others.Count}.db");
        foreach (var suffix in (string[])["", "-wal"])
        {
            using var source = new FileStream(File + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = new FileStream(copy + suffix, FileMode.CreateNew);
            source.CopyTo(target);
        }

        return OpenOther(copy);
    }

    /// <inheritdoc/>
    public async ValueTask ReopenAsync()
    {
        await Database.DisposeAsync();
        Use(Open(File));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await Database.DisposeAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    // Tests end processes at most, never the power: waiting for the disk would only make them slow.
    private static SqliteDatabase Open(string file) => SqliteDatabase.Open(
        new SqliteOptions { Path = file, Durability = SqliteDurability.ProcessCrash },
        TimeProvider.System,
        TestTenants.Metrics(),
        NullLogger<SqliteDatabase>.Instance);

    private SqliteDatabase OpenOther(string file)
    {
        var other = Open(file);
        _others.Add(other);
        return other;
    }

    private void Use(SqliteDatabase database)
    {
        Database = database;
        Journal = new SqliteTenantJournal(database);
        Directory = new SqliteTenantDirectory(database);
    }
}
