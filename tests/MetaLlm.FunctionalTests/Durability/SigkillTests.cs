using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MetaLlm.FunctionalTests.Durability;

/// <summary>What a client was told survives the sudden death of the process, and counts once.</summary>
public sealed class SigkillTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-kill-").FullName;

    /// <summary>One run in the suite; METALLM_SIGKILL_RUNS asks for more, each killed at another moment.</summary>
    public static TheoryData<int> Runs { get; } =
        [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("METALLM_SIGKILL_RUNS") ?? "1", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Acknowledged_feedback_counts_once_after_a_kill(int run)
    {
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, TestConfiguration.Create().ToJsonString());
        FeedbackStorm storm;
        using (var doomed = await HostProcess.StartAsync("--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory))
        {
            storm = new FeedbackStorm(doomed.Client, run);
            await storm.RunAsync(20 + (run * 37 % 60), doomed.KillAsync);
        }

        string? hash;
        using (var survivor = await HostProcess.StartAsync("--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory))
        {
            await NothingThatAClientSawIsLostAsync(survivor.Client, storm);
            await PostingAgainConvergesAsync(survivor.Client, storm);
            await RewardsPerArmAreWhatWasPostedAsync(survivor.Client, storm);
            hash = await HashAsync(survivor.Client);
            await survivor.KillAsync();
        }

        await ForgetSnapshotsAsync();
        using var replayed = await HostProcess.StartAsync("--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory);
        Assert.Equal(hash, await HashAsync(replayed.Client));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task NothingThatAClientSawIsLostAsync(Client client, FeedbackStorm storm)
    {
        foreach (var (id, arm) in storm.Seen)
        {
            var decision = (await client.GetAsync($"/v1/decisions/{id}")).Ok().Json;
            Assert.Equal(arm, decision.GetProperty("served_arm").GetString());
        }

        var acknowledged = storm.Posted.Values.Where(p => p.Acknowledged).ToList();
        foreach (var (decisionId, reward, _) in acknowledged)
        {
            var decision = (await client.GetAsync($"/v1/decisions/{decisionId}")).Ok().Json;
            Assert.Equal(reward, decision.GetProperty("reward").GetDouble());
            Assert.Equal(1, decision.GetProperty("feedback_count").GetInt32());
        }

        var policy = (await client.GetAsync("/v1/policy")).Ok().Json;
        Assert.InRange(policy.GetProperty("rewards_applied").GetInt64(), acknowledged.Count, storm.Posted.Count);
    }

    private static async Task PostingAgainConvergesAsync(Client client, FeedbackStorm storm)
    {
        foreach (var (key, (decision, reward, acknowledged)) in storm.Posted)
        {
            var receipt = (await client.PostAsync("/v1/feedback", new { decision_id = decision, reward, idempotency_key = key })).Ok().Json;
            if (acknowledged)
            {
                Assert.Equal("duplicate", receipt.GetProperty("status").GetString());
            }
        }

        Assert.Equal(storm.Posted.Count, (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("rewards_applied").GetInt64());
    }

    private static async Task RewardsPerArmAreWhatWasPostedAsync(Client client, FeedbackStorm storm)
    {
        var expected = storm.Posted.Values.ToLookup(p => storm.Seen[p.Decision], p => p.Reward);
        foreach (var model in (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray())
        {
            var rewards = expected[model.GetProperty("id").GetString()!].ToList();
            Assert.Equal(rewards.Count, model.GetProperty("rewards").GetInt64());
            if (rewards.Count > 0)
            {
                Assert.Equal(rewards.Average(), model.GetProperty("mean_reward").GetDouble(), 9);
            }
        }
    }

    private static async Task<string?> HashAsync(Client client) =>
        (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString();

    /// <summary>Without a snapshot the state is rebuilt from the journal alone.</summary>
    private async Task ForgetSnapshotsAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "metallm.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM snapshots";
        await command.ExecuteNonQueryAsync();
    }
}
