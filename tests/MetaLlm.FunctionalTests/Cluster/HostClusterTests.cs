using System.Globalization;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>Several processes of the host, as users run them, and a real database.</summary>
public sealed class HostClusterTests
{
    [PostgresFact]
    public async Task Feedback_acknowledged_by_two_hosts_counts_once_though_one_is_killed_and_another_started()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 6))
        {
            var (doomed, survivor) = (await cluster.StartAsync(), await cluster.StartAsync());
            IReadOnlyList<HostProcess> gateways = [doomed, survivor];
            using var storm = new ClusterStorm(cluster.Keys, () => Volatile.Read(ref gateways));
            storm.Start();
            await storm.ProgressAsync(4);

            await doomed.KillAsync();
            Volatile.Write(ref gateways, [survivor]);
            await storm.ProgressAsync(4);
            var newcomer = await cluster.StartAsync();
            Volatile.Write(ref gateways, [survivor, newcomer]);
            await storm.ProgressAsync(4);
            await storm.StopAsync();

            await EverythingCountsOnceAsync(storm, survivor);
            await ReplayAgreesAsync(cluster, database, survivor, newcomer);
        }

        await server.DropDatabaseAsync(database);
    }

    /// <summary>Orleans takes the silo with the highest number for the newest of its address, and numbers them by the time of their start.</summary>
    [PostgresFact]
    public async Task A_host_joins_where_the_silo_before_it_started_by_a_clock_that_was_a_day_ahead()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        var port = FreePorts.Find(1)[0];
        using (var cluster = new HostCluster(database, tenants: 4))
        using (var other = new HostCluster(database, tenants: 4, configure: configuration => configuration["MetaLlm"]!["cluster"]!["siloPort"] = port))
        {
            var first = await cluster.StartAsync();
            await using (var source = NpgsqlDataSource.Create(database))
            {
                await using var ahead = source.CreateCommand($"""
                    INSERT INTO orleans_silos (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
                    SELECT cluster_id, address, {port.ToString(CultureInfo.InvariantCulture)}, generation + 86400, silo_name, host_name, 6, 0, started_at + interval '1 day', alive_at + interval '1 day'
                    FROM orleans_silos;
                    UPDATE orleans_clusters SET version = version + 1
                    """);
                await ahead.ExecuteNonQueryAsync();
            }

            var second = await other.StartAsync();
            foreach (var key in cluster.Keys)
            {
                (await first.With(key).PostAsync("/v1/route", Client.Chat("Which one?"))).Ok();
                (await second.With(key).PostAsync("/v1/route", Client.Chat("Which one?"))).Ok();
            }
        }

        await server.DropDatabaseAsync(database);
    }

    [PostgresFact]
    public async Task A_gateway_without_a_silo_streams_answers_and_takes_feedback()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 1))
        {
            var silo = await cluster.StartAsync("silo");
            var gateway = await cluster.StartAsync("gateway");
            Assert.Equal(HttpStatusCode.NotFound, (await silo.Nobody.GetAsync("/v1/models")).Status);
            var client = gateway.With(cluster.Keys[0]);
            var messages = new[] { new { role = "user", content = "Tell me something long." } };

            var plain = (await client.PostAsync("/v1/chat/completions", new { model = "sim-coder", messages })).Ok();
            using var response = await client.StreamAsync(new { model = "sim-coder", stream = true, messages });
            var events = await EventStream.ReadAsync(response);

            Assert.Equal("[DONE]", events[^1]);
            Assert.True(events.Count > 5, "The answer came in too few parts to say anything of their order.");
            Assert.Equal(
                plain.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(),
                EventStream.Text(EventStream.Chunks(events)));

            var decision = response.Headers.GetValues("x-metallm-decision-id").Single();
            var receipt = (await client.PostAsync("/v1/feedback", new { decision_id = decision, reward = 0.5, idempotency_key = "one" })).Ok().Json;
            Assert.Equal("accepted", receipt.GetProperty("status").GetString());
            var stored = await client.DecisionAsync(decision, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
            Assert.Equal(0.5, stored.GetProperty("reward").GetDouble());
            Assert.Equal(1, (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("rewards_applied").GetInt64());
        }

        await server.DropDatabaseAsync(database);
    }

    [PostgresFact]
    public async Task An_answer_ends_within_seconds_when_the_silo_that_makes_the_call_is_killed()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 1, timeScale: 20))
        {
            var silo = await cluster.StartAsync("silo");
            var gateway = await cluster.StartAsync("gateway");
            var messages = new[] { new { role = "user", content = "Tell me something long." } };
            using var response = await gateway.With(cluster.Keys[0]).StreamAsync(new { model = "sim-nano", stream = true, messages });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var reading = EventStream.ReadAsync(response);

            await silo.KillAsync();

            // The stream tells of the cut; one that merely ended would pass for a whole answer.
            var events = await reading.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Contains("upstream_cut", events[^1], StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", events);
        }

        await server.DropDatabaseAsync(database);
    }

    private static async Task EverythingCountsOnceAsync(ClusterStorm storm, HostProcess host)
    {
        foreach (var tenant in storm.Acknowledged.GroupBy(item => item.Key))
        {
            var client = host.With(tenant.Key);
            foreach (var (_, decision, reward, idempotency) in tenant)
            {
                var stored = (await client.GetAsync($"/v1/decisions/{decision}")).Ok().Json;
                Assert.Equal((1, reward), (stored.GetProperty("feedback_count").GetInt32(), stored.GetProperty("reward").GetDouble()));
                var again = (await client.PostAsync("/v1/feedback", new { decision_id = decision, reward, idempotency_key = idempotency })).Ok().Json;
                Assert.Equal("duplicate", again.GetProperty("status").GetString());
            }

            Assert.Equal(tenant.Count(), (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("rewards_applied").GetInt64());
        }
    }

    /// <summary>Every gateway reports the same state, and a host that has nothing but the journal comes to it too.</summary>
    private static async Task ReplayAgreesAsync(HostCluster cluster, string database, HostProcess survivor, HostProcess newcomer)
    {
        var hashes = await HashesAsync(cluster, survivor);
        Assert.Equal(hashes, await HashesAsync(cluster, newcomer));
        await survivor.KillAsync();
        await newcomer.KillAsync();
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var forget = source.CreateCommand("DELETE FROM orleans_grain_state; DELETE FROM orleans_silos");
            await forget.ExecuteNonQueryAsync();
        }

        Assert.Equal(hashes, await HashesAsync(cluster, await cluster.StartAsync()));
    }

    private static async Task<List<string?>> HashesAsync(HostCluster cluster, HostProcess host)
    {
        var hashes = new List<string?>();
        foreach (var key in cluster.Keys)
        {
            hashes.Add((await host.With(key).GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString());
        }

        return hashes;
    }
}
