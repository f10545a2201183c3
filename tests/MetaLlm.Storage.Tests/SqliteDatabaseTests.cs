using Dapper;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Storage.Tests;

public sealed class SqliteDatabaseTests
{
    [Fact]
    public async Task Opening_again_applies_the_schema_once()
    {
        await using var store = new SqliteStoreFixture();
        await store.ReopenAsync();
        await store.ReopenAsync();

        using var connection = Connect(store.File);
        Assert.Equal(
            SqliteMigrator.Migrations.All.Select(migration => (long)migration.Version),
            connection.Query<long>("SELECT version FROM schema_version ORDER BY version"));
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused_and_left_alone()
    {
        await using var store = new SqliteStoreFixture();
        using var connection = Connect(store.File);
        connection.Execute("INSERT INTO schema_version (version) VALUES (99)");

        var error = Assert.Throws<SchemaVersionException>(store.OpenAgain);

        Assert.Equal((99, SqliteMigrator.Migrations.NewestVersion), (error.Found, error.NewestKnown));
        Assert.Contains(store.File, error.Message, StringComparison.Ordinal);
        Assert.Equal(99, connection.ExecuteScalar<long>("SELECT MAX(version) FROM schema_version"));
    }

    [Fact]
    public async Task By_default_every_commit_is_flushed_to_the_disk()
    {
        Assert.Equal(SqliteDurability.PowerLoss, new SqliteOptions().Durability);
        await using var store = new SqliteStoreFixture();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File }, TimeProvider.System, TestTenants.Metrics(), NullLogger<SqliteDatabase>.Instance);

        // Asked on the writer's own connection: the setting belongs to a connection, not to the file.
        Assert.Equal((2, "wal"), await database.Writer.WriteAsync(
            session => (session.Connection.ExecuteScalar<int>("PRAGMA synchronous"), session.Connection.ExecuteScalar<string>("PRAGMA journal_mode")!),
            default));
    }

    [Fact]
    public async Task A_commit_that_the_database_refuses_is_told_in_one_line_and_a_defect_with_its_stack()
    {
        using var log = new LogCollector();
        await using var store = new SqliteStoreFixture();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File }, TimeProvider.System, TestTenants.Metrics(), log.For<SqliteDatabase>());
        Exception[] errors = [new SqliteException("database or disk is full", 13), new InvalidOperationException("broken")];
        foreach (var error in errors)
        {
            var thrown = await Assert.ThrowsAnyAsync<Exception>(() => database.Writer.WriteAsync<int>(_ => throw error, default));
            Assert.Same(error, thrown is EngineUnavailableException ? thrown.InnerException : thrown);
        }

        var lines = log.Entries.Where(e => e.Level == LogLevel.Error).ToList();
        Assert.Equal([null, errors[1]], lines.Select(l => l.Exception));
        Assert.Contains("disk is full", lines[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_disk_is_full_calls_are_told_to_come_again()
    {
        await using var store = new SqliteStoreFixture();
        await using var database = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File }, TimeProvider.System, TestTenants.Metrics(), NullLogger<SqliteDatabase>.Instance);
        ITenantJournal journal = new SqliteTenantJournal(database);
        await LimitAsync(1);

        var written = 0;
        await Assert.ThrowsAsync<EngineUnavailableException>(async () =>
        {
            for (; written < 1000; written++)
            {
                await journal.AppendDecisionAsync(TestTenants.Decision("acme", written + 1, 0), default);
            }
        });
        Assert.InRange(written, 0, 999);
        Assert.Equal(written, (await journal.ReadDecisionsAsync("acme", 0, 1000, default)).Count);

        await LimitAsync(1_000_000);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", written + 1, 0), default);

        // SQLite's own bound on the file stands in for the disk's: the error is the same.
        Task<long> LimitAsync(int pages) => database.Writer.WriteAsync(session => session.Connection.ExecuteScalar<long>($"PRAGMA max_page_count = {pages}"), default);
    }

    [Fact]
    public async Task Two_processes_on_one_file_write_without_gaps_or_doubles()
    {
        await using var store = new SqliteStoreFixture();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        ITenantJournal[] journals = [store.Journal, new SqliteTenantJournal(store.OpenAgain())];

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () => await journals[i % 2].AppendFeedbackAsync(
            "acme",
            [new FeedbackSubmission { DecisionId = "d-1", Reward = i / 100.0, IdempotencyKey = $"key-{i / 2}" }],
            DateTimeOffset.UnixEpoch,
            default))));

        var events = await store.Journal.ReadEventsAsync("acme", 0, 1000, default);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), events.Select(e => e.Sequence));
        await Assert.ThrowsAsync<FencedException>(async () => await journals[1].AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default));
        await journals[1].AppendDecisionAsync(TestTenants.Decision("acme", 2, 50), default);
        await Assert.ThrowsAsync<FencedException>(async () => await journals[0].AppendDecisionAsync(TestTenants.Decision("acme", 2, 50), default));
    }

    [Fact]
    public async Task A_commit_that_fails_fails_every_waiter_and_writes_nothing()
    {
        await using var store = new SqliteStoreFixture();
        await using var impatient = SqliteDatabase.Open(
            new SqliteOptions { Path = store.File, BusyTimeout = TimeSpan.Zero },
            TimeProvider.System,
            TestTenants.Metrics(),
            NullLogger<SqliteDatabase>.Instance);
        ITenantJournal journal = new SqliteTenantJournal(impatient);
        using var blocker = Connect(store.File);
        blocker.Execute("BEGIN IMMEDIATE");

        var appends = Enumerable.Range(0, 8).Select(i => journal.AppendDecisionAsync(TestTenants.Decision($"t{i}", 1, 0), default).AsTask()).ToList();
        foreach (var append in appends)
        {
            var error = await Assert.ThrowsAsync<EngineUnavailableException>(() => append);
            Assert.Equal(SQLitePCL.raw.SQLITE_BUSY, Assert.IsType<SqliteException>(error.InnerException).SqliteErrorCode);
        }

        blocker.Execute("ROLLBACK");
        Assert.Empty(await journal.ReadDecisionsAsync("t0", 0, 10, default));
        await journal.AppendDecisionAsync(TestTenants.Decision("t0", 1, 0), default);
        Assert.Single(await journal.ReadDecisionsAsync("t0", 0, 10, default));
    }

    [Fact]
    public async Task A_write_that_breaks_the_transaction_fails_alone()
    {
        await using var store = new SqliteStoreFixture();
        using var gate = new ManualResetEventSlim();
        var first = store.Database.Writer.WriteAsync(
            _ =>
            {
                gate.Wait();
                return 0;
            },
            default);

        // These three wait behind the first and so share the next transaction.
        var before = store.Journal.AppendDecisionAsync(TestTenants.Decision("before", 1, 0), default).AsTask();
        var broken = store.Database.Writer.WriteAsync<int>(
            session =>
            {
                session.Connection.Execute("INSERT INTO tenants (tenant) VALUES ('half')");
                throw new InvalidDataException("broken");
            },
            default);
        var after = store.Journal.AppendDecisionAsync(TestTenants.Decision("after", 1, 0), default).AsTask();
        gate.Set();

        await first;
        await before;
        await after;
        await Assert.ThrowsAsync<InvalidDataException>(() => broken);
        using var connection = Connect(store.File);
        Assert.Equal(["after", "before"], connection.Query<string>("SELECT tenant FROM tenants ORDER BY tenant"));
        Assert.Single(await store.Journal.ReadDecisionsAsync("before", 0, 10, default));
    }

    [Fact]
    public async Task Writes_that_wait_at_the_end_are_committed_and_later_ones_refused()
    {
        await using var store = new SqliteStoreFixture();
        using var gate = new ManualResetEventSlim();
        var other = store.OpenAgain();
        ITenantJournal journal = new SqliteTenantJournal(other);
        var first = other.Writer.WriteAsync(
            _ =>
            {
                gate.Wait();
                return 0;
            },
            default);
        var waiting = Enumerable.Range(0, 20).Select(i => journal.AppendDecisionAsync(TestTenants.Decision($"t{i}", 1, 0), default).AsTask()).ToList();
        var end = other.DisposeAsync().AsTask();
        gate.Set();

        await first;
        await Task.WhenAll(waiting);
        await end;
        Assert.Single(await store.Journal.ReadDecisionsAsync("t19", 0, 10, default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendDecisionAsync(TestTenants.Decision("late", 1, 0), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.ReadDecisionsAsync("t0", 0, 1, default));
    }

    [Fact]
    public void Options_out_of_range_are_all_reported()
    {
        var result = new RangeValidator<SqliteOptions>().Validate(null, new SqliteOptions
        {
            Path = " ",
            Durability = (SqliteDurability)7,
            BusyTimeout = TimeSpan.FromHours(1),
            MaxBatchSize = 0,
            QueueCapacity = 0,
        });

        Assert.Equal(5, result.Failures!.Count());
        Assert.True(new RangeValidator<SqliteOptions>().Validate(null, new SqliteOptions()).Succeeded);
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }
}
