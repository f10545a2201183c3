using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace MetaLlm.FunctionalTests.Durability;

/// <summary>
/// What earlier builds stored stays readable. The database is of the first wire version: chats, feedback with weights and a correction, a warm start and a quiz, then a
/// proper stop, which saved a snapshot of everything. It was made with the configuration beside it, and its build reported the state hash below. Folded anew, the journal teaches what later builds learn besides: how many tokens
/// providers count for each that was estimated, and which reports are usual.
/// </summary>
public sealed class StoredDataTests : IDisposable
{
    private const string StateHash = "f98ac9cafc755350090d3b75540a574447ff343961426954ed0d150acf67b2c1";
    private const string FoldedHash = "4cc0af49c23ed9985eba33848881622c406ea5b4782df1209cb9891f7fe97337";

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-stored-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public Task A_snapshot_of_an_earlier_build_gives_the_state_that_it_had() =>
        OpensAsync("DELETE FROM events; DELETE FROM decisions;", "SELECT count(*) FROM orleans_grain_state WHERE payload IS NOT NULL", StateHash);

    [Fact]
    public Task The_journal_of_an_earlier_build_alone_gives_the_same_state_every_time() =>
        OpensAsync("DELETE FROM orleans_grain_state;", "SELECT count(*) > 0 FROM events", FoldedHash);

    [Fact]
    public async Task What_is_on_by_default_now_is_one_more_event_to_it()
    {
        await UnpackAsync();
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Stored("metallm.json")))!.AsObject();
        var gateway = await RunningGateway.StartAsync(configuration, directory: _directory);
        var policy = (await gateway.Nobody.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal((40, 81, 37), (policy.GetProperty("decisions").GetInt32(), policy.GetProperty("events_applied").GetInt32(), policy.GetProperty("rewards_applied").GetInt32()));
        (await gateway.Nobody.ChatAsync("What is 17 * 23?")).Ok();
        await gateway.StopAsync();
    }

    /// <summary>Opens the database after one of the two sources is gone, so that the other must have been read.</summary>
    private async Task OpensAsync(string remove, string left, string hash)
    {
        await UnpackAsync();
        Assert.Equal(1L, Run(remove + left));
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Stored("metallm.json")))!.AsObject();

        // Conversations came later and are on unless told otherwise, which would be another configuration: an event and a state of its own.
        configuration["MetaLlm"]!["tenants"]![0]!["conversations"] = new JsonObject { ["enabled"] = false };
        var gateway = await RunningGateway.StartAsync(configuration, directory: _directory);

        var policy = (await gateway.Nobody.GetAsync("/v1/policy")).Ok().Json;
        await gateway.StopAsync();

        Assert.Equal(
            (40, 80, 37, 24, hash),
            (policy.GetProperty("decisions").GetInt32(), policy.GetProperty("events_applied").GetInt32(), policy.GetProperty("rewards_applied").GetInt32(),
                policy.GetProperty("warm_start_rows").GetInt32(), policy.GetProperty("state_hash").GetString()));
    }

    private static string Stored(string name) => Path.Combine(AppContext.BaseDirectory, "Durability", "StoredData", name);

    private async Task UnpackAsync()
    {
        await using var packed = new GZipStream(File.OpenRead(Stored("metallm.db.gz")), CompressionMode.Decompress);
        await using var database = File.Create(Path.Combine(_directory, "metallm.db"));
        await packed.CopyToAsync(database);
    }

    private object? Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "metallm.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
