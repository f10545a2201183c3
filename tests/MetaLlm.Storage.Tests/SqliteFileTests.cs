using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Tests;

/// <summary>The file is taken away under the process that writes it.</summary>
public sealed class SqliteFileTests
{
    [Fact]
    public async Task A_file_that_was_deleted_takes_no_writes_and_is_not_made_anew_by_readers()
    {
        using var log = new LogCollector();
        await using var store = new SqliteStoreFixture();
        await using var database = Open(store.File, log);
        ITenantJournal journal = new SqliteTenantJournal(database);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(store.File + suffix);
        }

        await RefusedAsync(journal);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var error = await Assert.ThrowsAsync<EngineUnavailableException>(
                async () => await journal.AppendDecisionAsync(TestTenants.Decision("other", attempt + 1, 0), default));
            Assert.Contains(store.File, error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<EngineUnavailableException>(async () => await journal.ProbeAsync(default));
        }

        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await journal.ReadDecisionsAsync("acme", 0, 10, default));
        Assert.False(File.Exists(store.File));
        var line = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.Null(line.Exception);
        Assert.Contains("deleted, moved or replaced", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_put_back_takes_writes_again()
    {
        using var log = new LogCollector();
        await using var store = new SqliteStoreFixture();
        await using var database = Open(store.File, log);
        ITenantJournal journal = new SqliteTenantJournal(database);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        File.Move(store.File, store.File + ".away");
        await RefusedAsync(journal);

        File.Move(store.File + ".away", store.File);
        await journal.ProbeAsync(default);
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default);
        Assert.Contains(log.Entries, entry => entry.Message.Contains("succeed again; 1 writes failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_file_under_the_path_is_told_from_the_open_one()
    {
        using var log = new LogCollector();
        await using var store = new SqliteStoreFixture();
        await using var database = Open(store.File, log);
        File.Copy(store.File, store.File + ".copy");
        File.Move(store.File + ".copy", store.File, overwrite: true);

        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await new SqliteTenantJournal(database).ProbeAsync(default));
    }

    [Fact]
    public async Task A_log_that_was_deleted_takes_no_writes()
    {
        using var log = new LogCollector();
        await using var store = new SqliteStoreFixture();
        await using var database = Open(store.File, log);
        File.Delete(store.File + "-wal");

        var error = await Assert.ThrowsAsync<EngineUnavailableException>(async () => await new SqliteTenantJournal(database).ProbeAsync(default));
        Assert.Contains("-wal", error.Message, StringComparison.Ordinal);
    }

    [TmpfsFact]
    public async Task A_disk_that_is_full_refuses_writes_and_the_probe_until_there_is_room()
    {
        using var log = new LogCollector();
        await using var disk = await Tmpfs.MountAsync("2m");
        await using (var database = Open(Path.Combine(disk.Path, "metallm.db"), log))
        {
            ITenantJournal journal = new SqliteTenantJournal(database);
            var written = 0;
            var error = await Assert.ThrowsAsync<EngineUnavailableException>(async () =>
            {
                for (; written < 20_000; written++)
                {
                    await journal.AppendDecisionAsync(TestTenants.Decision("acme", written + 1, 0), default);
                }
            });
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            for (var attempt = 0; attempt < 20; attempt++)
            {
                await Assert.ThrowsAsync<EngineUnavailableException>(async () => await journal.ProbeAsync(default));
            }

            // Once for the episode, not once for each of its writes.
            Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
            await disk.ResizeAsync("16m");
            await journal.ProbeAsync(default);
            await journal.AppendDecisionAsync(TestTenants.Decision("acme", written + 1, 0), default);
            Assert.Equal(written + 1, (await journal.ReadDecisionsAsync("acme", 0, 30_000, default)).Count);
        }
    }

    /// <summary>Writes until one is refused: the writer looks at its file every few milliseconds.</summary>
    private static Task RefusedAsync(ITenantJournal journal) => Eventually.TrueAsync("a write is refused", async () =>
    {
        try
        {
            await journal.ProbeAsync(default);
            return false;
        }
        catch (EngineUnavailableException)
        {
            return true;
        }
    });

    private static SqliteDatabase Open(string file, LogCollector log) => SqliteDatabase.Open(
        new SqliteOptions { Path = file, Durability = SqliteDurability.ProcessCrash }, TimeProvider.System, TestTenants.Metrics(), log.For<SqliteDatabase>());
}
