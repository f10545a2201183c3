using Dapper;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MetaLlm.Storage.Tests.Migrations;

public sealed class PostgresMigratorTests : IAsyncLifetime
{
    private static readonly MigrationSet Two = new([new(1, "0001-one", "CREATE TABLE one (a integer)"), new(2, "0002-two", "CREATE TABLE two (a integer)")]);

    private string _database = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Unavailable is null)
        {
            _database = await (await PostgresServer.SharedAsync()).CreateEmptyDatabaseAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (PostgresServer.Unavailable is null)
        {
            await (await PostgresServer.SharedAsync()).DropDatabaseAsync(_database);
        }
    }

    [PostgresFact]
    public async Task Migrating_again_applies_nothing()
    {
        var first = await PostgresMigrator.MigrateAsync(_database);
        var second = await PostgresMigrator.MigrateAsync(_database);

        Assert.Equal((0, PostgresMigrator.Migrations.NewestVersion), (first.Present.Count, first.Applied.Count));
        Assert.Equal((PostgresMigrator.Migrations.NewestVersion, 0), (second.Present.Count, second.Applied.Count));
    }

    [PostgresFact]
    public async Task Of_many_that_migrate_at_once_one_applies_and_the_others_find_it_done()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresMigrator.MigrateAsync(_database))));

        Assert.Single(reports, report => report.Applied.Count == PostgresMigrator.Migrations.NewestVersion);
        Assert.Equal(5, reports.Count(report => report.Present.Count == PostgresMigrator.Migrations.NewestVersion));
    }

    [PostgresFact]
    public async Task Only_what_is_missing_is_applied()
    {
        await PostgresMigrator.MigrateAsync(_database, new([Two.All[0]]));
        var report = await PostgresMigrator.MigrateAsync(_database, Two);

        Assert.Equal(["0001-one"], Names(report.Present));
        Assert.Equal(["0002-two"], Names(report.Applied));
    }

    [PostgresFact]
    public async Task A_migration_that_fails_leaves_nothing_of_any()
    {
        var broken = new MigrationSet([Two.All[0], new(2, "0002-broken", "CREATE TABLE three (a integer); SELECT 1 / 0")]);

        await Assert.ThrowsAsync<PostgresException>(() => PostgresMigrator.MigrateAsync(_database, broken));

        await using var connection = new NpgsqlConnection(_database);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [PostgresFact]
    public async Task A_migration_that_was_changed_is_refused_with_both_checksums()
    {
        await PostgresMigrator.MigrateAsync(_database, Two);
        var changed = new MigrationSet([Two.All[0] with { Script = "CREATE TABLE one (b integer)" }, Two.All[1]]);

        var error = await Assert.ThrowsAsync<MigrationChangedException>(() => PostgresMigrator.MigrateAsync(_database, changed));

        Assert.Contains(Two.All[0].Checksum, error.Message, StringComparison.Ordinal);
        Assert.Contains(changed.All[0].Checksum, error.Message, StringComparison.Ordinal);
        Assert.Contains("0001-one", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_of_a_newer_build_is_refused_with_both_versions()
    {
        await PostgresMigrator.MigrateAsync(_database, Two);

        var error = await Assert.ThrowsAsync<SchemaVersionException>(() => PostgresMigrator.MigrateAsync(_database, new([Two.All[0]])));

        Assert.Equal((2, 1), (error.Found, error.NewestKnown));
        Assert.Contains("schema version 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("up to 1", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_store_on_an_empty_database_says_to_migrate()
    {
        var error = await Assert.ThrowsAsync<SchemaVersionException>(CheckAsync);

        Assert.Equal((0, PostgresMigrator.Migrations.NewestVersion), (error.Found, error.NewestKnown));
        Assert.Contains("metallm migrate", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_store_on_an_older_or_newer_database_says_which()
    {
        await PostgresMigrator.MigrateAsync(_database, new([PostgresMigrator.Migrations.All[0]]));
        var older = await Assert.ThrowsAsync<SchemaVersionException>(CheckAsync);
        Assert.Equal(1, older.Found);
        Assert.Contains("metallm migrate", older.Message, StringComparison.Ordinal);

        await PostgresMigrator.MigrateAsync(_database);
        await CheckAsync();
        await using var connection = new NpgsqlConnection(_database);
        await connection.ExecuteAsync("INSERT INTO schema_version (version, name, checksum) VALUES (99, '0099-later', 'x')");
        Assert.Equal(99, (await Assert.ThrowsAsync<SchemaVersionException>(CheckAsync)).Found);
    }

    [PostgresFact]
    public async Task A_store_runs_on_a_newer_database_whose_every_new_migration_lets_it()
    {
        await PostgresMigrator.MigrateAsync(_database);
        var newest = PostgresMigrator.Migrations.NewestVersion;
        var later = new MigrationSet(
        [
            .. PostgresMigrator.Migrations.All,
            new(newest + 1, "later", $"-- Adds what older builds leave alone.\n-- min-reader: {newest}\nCREATE TABLE later (a integer)"),
        ]);
        await PostgresMigrator.MigrateAsync(_database, later);
        await CheckAsync();
        Assert.Empty((await PostgresMigrator.MigrateAsync(_database)).Applied);

        var contracted = new MigrationSet([.. later.All, new(newest + 2, "contracted", "DROP TABLE later")]);
        await PostgresMigrator.MigrateAsync(_database, contracted);
        var error = await Assert.ThrowsAsync<SchemaVersionException>(CheckAsync);
        Assert.Equal((newest + 2, newest), (error.Found, error.NewestKnown));
        Assert.Contains($"know version {newest + 2} at least", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_whose_record_has_no_minimum_is_read()
    {
        await PostgresMigrator.MigrateAsync(_database);
        await using var connection = new NpgsqlConnection(_database);
        await connection.ExecuteAsync("ALTER TABLE schema_version DROP COLUMN min_reader");

        await CheckAsync();
        Assert.Empty((await PostgresMigrator.MigrateAsync(_database)).Applied);
        await CheckAsync();
    }

    private static IEnumerable<string> Names(IEnumerable<Migration> migrations) => migrations.Select(migration => migration.Name);

    private async Task CheckAsync()
    {
        await using var database = new PostgresDatabase(
            new PostgresOptions { ConnectionString = _database }, TimeProvider.System, TestTenants.Metrics(), NullLogger<PostgresDatabase>.Instance);
        await database.CheckAsync(default);
    }
}
