using Dapper;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>A host is asked to stop while it streams: the stream has a time of its own, and saving has another.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-drain-").FullName;
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("slow", AnswerInPartsAsync);
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_stream_ends_whole_and_what_was_learned_is_saved()
    {
        using var host = await StartAsync(drainSeconds: 50);
        using var response = await StreamAsync(host);
        await host.TermAsync();
        await Eventually.TrueAsync("new connections are refused", async () => await RefusesAsync(host));
        Assert.Equal(0, await SavedAsync());

        _goOn.SetResult();
        var events = await EventStream.ReadAsync(response).WaitAsync(Longest);

        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.Equal(1, await SavedAsync());
        Assert.Equal("completed", await OutcomeAsync(response));
    }

    [Fact]
    public async Task A_stream_that_outlives_the_drain_ends_with_an_error_and_what_was_learned_is_saved()
    {
        using var host = await StartAsync(drainSeconds: 1);
        using var response = await StreamAsync(host);
        var stopped = host.StopAsync();

        var events = await EventStream.ReadAsync(response).WaitAsync(Longest);

        Assert.Contains("gateway_stopping", events[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", events);
        Assert.Equal(0, await stopped);
        Assert.Equal(1, await SavedAsync());
        Assert.Equal("aborted", await OutcomeAsync(response));
    }

    [Fact]
    public async Task Whoever_asks_twice_does_not_wait_for_the_stream()
    {
        using var host = await StartAsync(drainSeconds: 600);
        using var response = await StreamAsync(host);
        await host.TermAsync();
        await Eventually.TrueAsync("new connections are refused", async () => await RefusesAsync(host));

        Assert.Equal(0, await host.StopAsync());
        Assert.Contains("gateway_stopping", (await EventStream.ReadAsync(response).WaitAsync(Longest))[^1], StringComparison.Ordinal);
        Assert.Equal(1, await SavedAsync());
    }

    /// <summary>The silo that reads the answer for a gateway lets it end, and takes no other call meanwhile.</summary>
    [PostgresFact]
    public async Task A_silo_lets_the_streams_of_gateways_end()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 1, configure: configuration => _upstream.Configure(configuration, "slow")))
        {
            var silo = await cluster.StartAsync("silo");
            var gateway = await cluster.StartAsync("gateway");
            var client = gateway.With(cluster.Keys[0]);
            using var response = await client.StreamAsync(Request);
            await using var reading = EventStream.DataAsync(response).GetAsyncEnumerator();
            Assert.True(await reading.MoveNextAsync());
            var second = await cluster.StartAsync("silo");
            var stopped = silo.StopAsync();
            await Eventually.TrueAsync("the silo takes no connection", async () => await RefusesAsync(silo));

            // The stream keeps it from going: the other silo takes the call.
            (await Patience.ServedAsync(_ => client.ChatAsync("And you?", "slow"))).Ok();
            _goOn.SetResult();
            var last = "";
            while (await reading.MoveNextAsync().AsTask().WaitAsync(Longest))
            {
                last = reading.Current;
            }

            Assert.Equal("[DONE]", last);
            Assert.Equal(0, await stopped);
            Assert.Equal(0, await second.StopAsync());
        }

        await server.DropDatabaseAsync(database);
    }

    private static object Request { get; } = new { model = "slow", stream = true, messages = new[] { new { role = "user", content = "Tell me something." } } };

    private static async Task<bool> RefusesAsync(HostProcess host)
    {
        try
        {
            await host.Nobody.GetAsync("/health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<HttpResponseMessage> StreamAsync(HostProcess host)
    {
        var response = await host.Client.StreamAsync(Request);
        Assert.True(response.IsSuccessStatusCode, $"The stream began with status {(int)response.StatusCode}.");
        return response;
    }

    private async Task AnswerInPartsAsync(HttpContext context, string body)
    {
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await ScriptedUpstream.AnswerAsync(context, body);
            return;
        }

        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("It begins."));
        await _goOn.Task.WaitAsync(context.RequestAborted);
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("It ends.", "stop"));
        await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Usage(10, 20));
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private async Task<HostProcess> StartAsync(int drainSeconds)
    {
        var configuration = _upstream.Configure("slow");
        configuration["MetaLlm"]!["drainSeconds"] = drainSeconds;
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        return await HostProcess.StartAsync("--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory);
    }

    /// <summary>Snapshots of the tenant that streamed: it is too young to have been saved for any other reason than that its host stops.</summary>
    private async Task<long> SavedAsync()
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_directory, "metallm.db")};Pooling=False");
        return await database.ExecuteScalarAsync<long>("SELECT count(*) FROM orleans_grain_state WHERE id_text = 'alpha'");
    }

    private async Task<string?> OutcomeAsync(HttpResponseMessage response)
    {
        using var again = await HostProcess.StartAsync("--config", Path.Combine(_directory, "metallm.json"), "--listen", "http://127.0.0.1:0", "--data", _directory);
        var decision = (await again.Client.GetAsync($"/v1/decisions/{response.Headers.GetValues("x-metallm-decision-id").Single()}")).Ok().Json;
        return decision.GetProperty("settlement").GetProperty("outcome").GetString();
    }
}
