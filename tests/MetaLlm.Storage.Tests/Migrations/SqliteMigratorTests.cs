using Dapper;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Tests.Migrations;

public sealed class SqliteMigratorTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-migrate-").FullName;

    private string File => Path.Combine(_directory, "some.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_file_of_the_first_builds_is_taken_over_with_its_data()
    {
        using var connection = Open();
        connection.Execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)");
        connection.Execute(SqliteMigrator.Migrations.All[0].Script);
        connection.Execute("INSERT INTO schema_version (version) VALUES (1)");
        connection.Execute("INSERT INTO tenants (tenant, last_ordinal) VALUES ('acme', 7)");

        var report = SqliteMigrator.Migrate(connection, File);

        Assert.Equal([1], report.Present.Select(migration => migration.Version));
        Assert.Equal(SqliteMigrator.Migrations.NewestVersion - 1, report.Applied.Count);
        Assert.Equal(7, connection.ExecuteScalar<long>("SELECT last_ordinal FROM tenants WHERE tenant = 'acme'"));
        Assert.Equal(
            SqliteMigrator.Migrations.All.Select(migration => migration.Checksum),
            connection.Query<string>("SELECT checksum FROM schema_version ORDER BY version"));
        Assert.Empty(SqliteMigrator.Migrate(connection, File).Applied);
    }

    [Fact]
    public async Task Of_many_that_migrate_at_once_one_applies()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            using var connection = Open();
            return SqliteMigrator.Migrate(connection, File);
        })));

        Assert.Single(reports, report => report.Applied.Count > 0);
    }

    [Fact]
    public void A_migration_that_was_changed_is_refused_and_nothing_is_applied()
    {
        using var connection = Open();
        SqliteMigrator.Migrate(connection, File, new([new(1, "0001-one", "CREATE TABLE one (a)")]));

        var error = Assert.Throws<MigrationChangedException>(() => SqliteMigrator.Migrate(
            connection, File, new([new(1, "0001-one", "CREATE TABLE one (b)"), new(2, "0002-two", "CREATE TABLE two (a)")])));

        Assert.Contains("0001-one", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'two'"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing_of_any()
    {
        using var connection = Open();

        Assert.Throws<SqliteException>(() => SqliteMigrator.Migrate(
            connection, File, new([new(1, "0001-one", "CREATE TABLE one (a)"), new(2, "0002-broken", "CREATE TABLE one (a)")])));

        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master"));
    }

    [Fact]
    public void Line_endings_do_not_change_a_checksum()
    {
        Assert.Equal(new Migration(1, "a", "x\ny\n").Checksum, new Migration(1, "a", "x\r\ny\r\n").Checksum);
        Assert.NotEqual(new Migration(1, "a", "x\ny\n").Checksum, new Migration(1, "a", "x\nz\n").Checksum);
    }

    [Fact]
    public void Migrations_with_a_gap_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new MigrationSet([new(1, "0001-a", ""), new(3, "0003-c", "")]));
        Assert.Contains("0003-c", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_runs_on_a_newer_file_whose_every_new_migration_lets_it()
    {
        using var connection = Open();
        SqliteMigrator.Migrate(connection, File);
        var newest = SqliteMigrator.Migrations.NewestVersion;
        var later = new MigrationSet(
        [
            .. SqliteMigrator.Migrations.All,
            new(newest + 1, "later", $"-- min-reader: {newest}\nCREATE TABLE later (a INTEGER)"),
        ]);
        SqliteMigrator.Migrate(connection, File, later);
        Assert.Empty(SqliteMigrator.Migrate(connection, File).Applied);

        var contracted = new MigrationSet([.. later.All, new(newest + 2, "contracted", "DROP TABLE later")]);
        SqliteMigrator.Migrate(connection, File, contracted);
        var error = Assert.Throws<SchemaVersionException>(() => SqliteMigrator.Migrate(connection, File));
        Assert.Equal((newest + 2, newest), (error.Found, error.NewestKnown));
        Assert.Contains($"know version {newest + 2} at least", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE a (b INTEGER)", 7)]
    [InlineData("-- Words.\n-- min-reader: 5\nCREATE TABLE a (b INTEGER)", 5)]
    [InlineData("-- min-reader: 9\nCREATE TABLE a (b INTEGER)", 7)]
    [InlineData("-- min-reader: 0\nCREATE TABLE a (b INTEGER)", 1)]
    [InlineData("CREATE TABLE a (b INTEGER); -- min-reader: 5", 7)]
    public void A_migration_needs_builds_that_know_it_unless_a_line_of_it_says_otherwise(string script, int expected) =>
        Assert.Equal(expected, new Migration(7, "0007-some", script).MinReader);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
