using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Batches;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>A batch has one owner in a cluster, and another one when that dies; gateways that have no database run them too.</summary>
public sealed class BatchesAcrossHostsTests
{
    [PostgresFact]
    public async Task A_batch_of_a_gateway_that_dies_goes_on_in_another_one()
    {
        const int calls = 4;
        var (asked, opened, waiting) = (new ConcurrentDictionary<string, int>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("chat", async (context, body) =>
        {
            var question = (string)JsonNode.Parse(body)!["messages"]![0]!["content"]!;
            asked.AddOrUpdate(question, 1, (_, before) => before + 1);
            if (question.StartsWith("wait", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref waiting);
                await opened.Task;
            }

            await ScriptedUpstream.AnswerAsync(context, body);
        });
        using (var cluster = new HostCluster(database, tenants: 1, configure: configuration =>
        {
            upstream.Configure(configuration, "chat");
            var section = configuration["MetaLlm"]!;

            // The silo runs none, so that it is known who does.
            section["batches"] = new JsonObject { ["leaseSeconds"] = 2, ["concurrency"] = calls, ["atOnce"] = (string)section["role"]! == "all" ? 0 : 2 };
            section["idempotency"] = new JsonObject { ["hours"] = 0 };
        }))
        {
            var silo = (await cluster.StartAsync()).With(cluster.Keys[0]);
            var doomed = await cluster.StartAsync("gateway");
            string[] questions = [.. Enumerable.Range(0, 8).SelectMany(i => (string[])[$"before {i}", $"wait {i}"])];
            var id = await doomed.With(cluster.Keys[0]).BeginAsync(questions.Select((question, i) => BatchCalls.Line($"q{i}", question)));
            await Eventually.TrueAsync("every call that runs waits for its answer", () => Volatile.Read(ref waiting) == calls);
            Assert.Equal("in_progress", (await silo.GetAsync($"/v1/batches/{id}")).Ok().Json.GetProperty("status").GetString());
            await doomed.KillAsync();
            opened.SetResult();

            await cluster.StartAsync("gateway");
            var batch = await silo.EndAsync(id);
            Assert.True(batch.GetProperty("status").GetString() == "completed", batch.GetRawText());
            Assert.Equal(questions.Select((_, i) => $"q{i}"), (await silo.LinesAsync(batch, "output_file_id")).Select(line => (string?)line["custom_id"]));
            Assert.All(questions, question => Assert.InRange(asked[question], 1, 2));
        }

        await server.DropDatabaseAsync(database);
    }
}
