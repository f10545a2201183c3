using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Surfaces;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>An idempotency key has one answer in the whole cluster, and embeddings are called through gateways that have no database.</summary>
public sealed class KeysAcrossHostsTests
{
    [PostgresFact]
    public async Task Hosts_and_gateways_without_a_silo_share_the_answer_of_one_call()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("chat", ScriptedUpstream.AnswerAsync);
        upstream.On("embedder", (http, _) => ScriptedUpstream.FailAsync(http, 200, """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]}],"usage":{"prompt_tokens":3,"total_tokens":3}}"""));
        using (var cluster = new HostCluster(database, tenants: 1, configure: configuration => Configure(upstream, configuration)))
        {
            var silo = await cluster.StartAsync();
            Client[] clients = [silo.With(cluster.Keys[0]), (await cluster.StartAsync()).With(cluster.Keys[0]), (await cluster.StartAsync("gateway")).With(cluster.Keys[0])];
            foreach (var (path, model, body) in ((string, string, string)[])
                [("/v1/chat/completions", "chat", JsonSerializer.Serialize(Client.Chat("Hello."))), ("/v1/embeddings", "embedder", """{"model":"auto","input":"Hello."}""")])
            {
                var replies = await Task.WhenAll(clients.Select(client => client.PostTextAsync(path, body, "application/json", ("Idempotency-Key", model))));
                Assert.All(replies, reply => Assert.Equal(replies[0].Ok().Text, reply.Ok().Text));
                Assert.Single(replies.Select(reply => reply.DecisionId).Distinct());
                Assert.Single(replies, reply => !reply.Headers.ContainsKey("x-metallm-replayed"));
                Assert.Single(upstream.Called, model);

                // Without a key the gateway makes a call of its own, in a worker of a silo.
                Assert.NotEqual(replies[0].DecisionId, (await clients[2].PostTextAsync(path, body)).Ok().DecisionId);
                Assert.Equal(2, upstream.Called.Count(called => called == model));
            }
        }

        await server.DropDatabaseAsync(database);
    }

    private static void Configure(ScriptedUpstream upstream, JsonObject configuration)
    {
        upstream.Configure(configuration, "chat");
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = new JsonArray(EmbeddingsTests.Model("embedder", null, 2, 1, "scripted"));
    }
}
