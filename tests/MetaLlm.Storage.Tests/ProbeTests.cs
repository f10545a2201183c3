using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MetaLlm.Storage.Tests;

/// <summary>A store that can be read and not written is not ready.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task A_sqlite_file_that_has_become_read_only_fails_the_probe_until_it_takes_writes_again()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);

        // A file system that goes read-only under an open file refuses in the same place: where a transaction is to write.
        var writing = await store.Database.Writer.WriteAsync(session => session.Connection, default);
        writing.Execute("PRAGMA query_only = ON");
        var error = await Assert.ThrowsAsync<EngineUnavailableException>(async () => await store.Journal.ProbeAsync(default));
        Assert.IsType<SqliteException>(error.InnerException);
        Assert.Single(await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));

        writing.Execute("PRAGMA query_only = OFF");
        await store.Journal.ProbeAsync(default);
    }

    [Fact]
    public async Task A_sqlite_probe_writes_although_it_changes_nothing()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.ProbeAsync(default);
        var log = new FileInfo(store.File + "-wal");
        var before = log.Length;
        using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        Assert.Equal(0, connection.ExecuteScalar<long>("PRAGMA user_version"));

        await store.Journal.ProbeAsync(default);
        log.Refresh();
        Assert.True(log.Length > before, $"{log.Length} bytes after {before}");
        Assert.Equal(0, connection.ExecuteScalar<long>("PRAGMA user_version"));
    }

    [PostgresFact]
    public async Task A_postgresql_database_that_has_become_read_only_fails_the_probe_until_it_takes_writes_again()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await SetReadOnlyAsync(store, "on");
        var readOnly = new PostgresTenantJournal(store.OpenAgain());
        var error = await Assert.ThrowsAsync<EngineUnavailableException>(async () => await readOnly.ProbeAsync(default));
        Assert.Equal("25006", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        Assert.Single(await readOnly.ReadDecisionsAsync("acme", 0, 10, default));

        await SetReadOnlyAsync(store, "off");
        await new PostgresTenantJournal(store.OpenAgain()).ProbeAsync(default);
    }

    [PostgresFact]
    public async Task A_probe_of_postgresql_waits_for_no_tenants_lock()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var other = await Postgres.HeadLock.TakeAsync(store.ConnectionString);

        await store.Journal.ProbeAsync(default);
        await other.ReleaseAsync();
    }

    private static async Task SetReadOnlyAsync(PostgresStoreFixture store, string value)
    {
        await using var connection = new NpgsqlConnection(store.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"ALTER DATABASE \"{connection.Database}\" SET default_transaction_read_only = {value}");
    }
}
