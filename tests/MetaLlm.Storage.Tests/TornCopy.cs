using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Storage.Tests;

/// <summary>A copy of a database whose log is cut in half, as when the power fails while it is written.</summary>
internal sealed class TornCopy : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-torn-").FullName;
    private readonly SqliteDatabase _database;

    public TornCopy(string file)
    {
        var path = Path.Combine(_directory, "torn.db");
        Copy(file, path, length => length);
        Copy(file + "-wal", path + "-wal", length => (length / 2) + 17);
        _database = SqliteDatabase.Open(
            new SqliteOptions { Path = path }, TimeProvider.System, TestTenants.Metrics(), NullLogger<SqliteDatabase>.Instance);
        Journal = new SqliteTenantJournal(_database);
    }

    public ITenantJournal Journal { get; }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static void Copy(string from, string to, Func<long, long> length)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(to, FileMode.CreateNew);
        source.CopyTo(target);
        target.SetLength(length(source.Length));
    }
}
