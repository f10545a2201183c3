using System.CommandLine;
using MetaLlm.Host;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class MigrateTests
{
    [Fact]
    public async Task A_sqlite_file_is_created_and_a_second_run_applies_nothing()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "sub", "metallm.db");

        var first = await RunAsync("--sqlite", file);
        var second = await RunAsync("--sqlite", file);

        Assert.Equal((0, Lines("applied", SqliteMigrator.Migrations)), (first.ExitCode, first.Output));
        Assert.Equal((0, Lines("present", SqliteMigrator.Migrations)), (second.ExitCode, second.Output));
    }

    [Fact]
    public async Task A_configuration_file_names_the_database_and_needs_no_keys()
    {
        using var directory = new TemporaryDirectory();
        var (config, database) = (directory.File("metallm.json"), directory.File("configured.db"));
        await File.WriteAllTextAsync(config, $$"""{ "MetaLlm": { "storage": { "kind": "sqlite", "path": "{{database}}" } } } // the rest is missing""");

        var run = await RunAsync("--config", config);

        Assert.Equal((0, Lines("applied", SqliteMigrator.Migrations)), (run.ExitCode, run.Output));
        Assert.True(File.Exists(database));
    }

    [Theory]
    [InlineData("""{ "MetaLlm": { "storage": { "kind": "oracle" } } }""", "oracle")]
    [InlineData("""{ "MetaLlm": { "storage": { "kind": "postgres", "connectionEnvironment": "METALLM_TEST_UNSET" } } }""", "METALLM_TEST_UNSET")]
    [InlineData("{", "JSON")]
    public async Task A_configuration_file_without_a_database_is_bad_input(string content, string named)
    {
        using var directory = new TemporaryDirectory();
        var config = directory.File("metallm.json");
        await File.WriteAllTextAsync(config, content);

        var run = await RunAsync("--config", config);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_postgres_database_is_migrated_and_a_second_run_applies_nothing()
    {
        var variable = $"METALLM_TEST_{Guid.NewGuid():N}";
        var server = await PostgresServer.SharedAsync();
        Environment.SetEnvironmentVariable(variable, await server.CreateEmptyDatabaseAsync());

        var first = await RunAsync("--connection-env", variable);
        var second = await RunAsync("--connection-env", variable);

        Assert.Equal((0, Lines("applied", PostgresMigrator.Migrations)), (first.ExitCode, first.Output));
        Assert.Equal((0, Lines("present", PostgresMigrator.Migrations)), (second.ExitCode, second.Output));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure_with_its_address()
    {
        var variable = $"METALLM_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, "Host=127.0.0.1;Port=1;Username=u;Password=secret;Timeout=2");

        var run = await RunAsync("--connection-env", variable);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("no connection string, secret", "must have the form")]
    [InlineData("Username=u;Password=secret", "must have the form")]
    public async Task A_variable_without_a_connection_string_is_bad_input(string? value, string message)
    {
        var variable = $"METALLM_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, value);

        var run = await RunAsync("--connection-env", variable);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(variable, run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--sqlite", "a.db", "--connection-env", "B")]
    public async Task Not_exactly_one_database_is_bad_input(params string[] options)
    {
        var run = await RunAsync(options);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("exactly one database", run.Error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await HostCommand.Create().Parse(["migrate", .. options]).InvokeAsync(console);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static string Lines(string word, MigrationSet migrations)
    {
        var (present, applied) = word == "present" ? (migrations.All.Count, 0) : (0, migrations.All.Count);
        string[] lines = [.. migrations.All.Select(migration => $"{word}  {migration.Name}"), $"{present} present, {applied} applied", ""];
        return string.Join(Environment.NewLine, lines);
    }
}
