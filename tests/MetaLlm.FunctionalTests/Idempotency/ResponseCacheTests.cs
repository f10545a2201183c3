using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Surfaces;

namespace MetaLlm.FunctionalTests.Idempotency;

public sealed class ResponseCacheTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Cold = """{"model":"auto","temperature":0,"messages":[{"role":"user","content":"What is 17 * 23?"}]}""";
    private const string Warm = """{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}]}""";

    [Theory]
    [InlineData(Chat, Cold, null)]
    [InlineData(Chat, """{"model":"auto","stream":true,"temperature":0.0,"messages":[{"role":"user","content":"Hello."}]}""", null)]
    [InlineData(Chat, Warm, "use")]
    [InlineData("/v1/embeddings", """{"model":"auto","input":"Hello."}""", null)]
    [InlineData("/v1/messages", """{"model":"auto","max_tokens":50,"temperature":0,"messages":[{"role":"user","content":"Hello."}]}""", null)]
    public async Task The_very_same_request_is_answered_from_memory_and_costs_nothing(string path, string body, string? wish)
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration());
        var miss = (await PostAsync(gateway.Alpha, path, body, wish)).Ok();
        var spent = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble();
        var hit = (await PostAsync(gateway.Alpha, path, body, wish)).Ok();
        Assert.Equal(("miss", "hit"), (miss.Headers["x-metallm-cache"], hit.Headers["x-metallm-cache"]));
        Assert.Equal((miss.Text, miss.ContentType, miss.DecisionId), (hit.Text, hit.ContentType, hit.DecisionId));
        var skipped = (await PostAsync(gateway.Alpha, path, body, "skip")).Ok();
        Assert.NotEqual(miss.DecisionId, skipped.DecisionId);
        Assert.False(skipped.Headers.ContainsKey("x-metallm-cache"));
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(2, policy.GetProperty("decisions").GetInt32());
        Assert.Equal(2, gateway.Simulator.Stats.Snapshot().Sum(stats => stats.Requests));
        Assert.True(policy.GetProperty("spend_usd").GetDouble() > spent);
    }

    [Fact]
    public async Task Requests_that_differ_or_are_not_for_it_are_calls_and_feedback_on_a_hit_is_the_first_ones()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration());
        var first = (await PostAsync(gateway.Alpha, Chat, Cold)).Ok();
        foreach (var other in (Reply[])
            [
                await PostAsync(gateway.Alpha, Chat, Warm), await PostAsync(gateway.Alpha, Chat, Warm), await PostAsync(gateway.Alpha, Chat, Cold.Replace("23", "24", StringComparison.Ordinal)),
                await PostAsync(gateway.Beta, Chat, Cold), await PostAsync(gateway.Beta, Chat, Cold, "use"),
                await gateway.Alpha.PostTextAsync(Chat, Cold, "application/json", ("x-metallm-task", "arithmetic")),
            ])
        {
            Assert.NotEqual("hit", other.Ok().Headers.GetValueOrDefault("x-metallm-cache"));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), ((await PostAsync(gateway.Alpha, Chat, Cold, "maybe")).Status, (await PostAsync(gateway.Alpha, Chat, Cold, "maybe")).Code));
        var hit = (await PostAsync(gateway.Alpha, Chat, Cold)).Ok();
        Assert.Equal("hit", hit.Headers["x-metallm-cache"]);
        (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = hit.DecisionId, reward = 0.5 })).Ok();
        Assert.Equal(0.5, (await gateway.Alpha.GetAsync($"/v1/decisions/{first.DecisionId}")).Ok().Json.GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task A_failure_is_not_kept_and_a_key_goes_with_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("model", (http, body) => upstream.Called.Count == 1 ? ScriptedUpstream.FailAsync(http, 500) : ScriptedUpstream.AnswerAsync(http, body));
        var configuration = upstream.Configure("model");
        TestConfiguration.TenantAt(configuration, 0)["responseCache"] = new JsonObject { ["seconds"] = 60 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(gateway.Alpha, Chat, Cold)).Status);
        Task<Reply> KeyedAsync(string key) => gateway.Alpha.PostTextAsync(Chat, Cold, "application/json", ("Idempotency-Key", key));
        var made = (await KeyedAsync("one")).Ok();
        Assert.Equal("true", (await KeyedAsync("one")).Ok().Headers["x-metallm-replayed"]);
        var hit = (await KeyedAsync("two")).Ok();
        Assert.Equal(("hit", made.DecisionId), (hit.Headers["x-metallm-cache"], hit.DecisionId));
        Assert.Equal(2, upstream.Called.Count);
    }

    private static JsonObject Configuration()
    {
        var configuration = EmbeddingsTests.Configuration();
        TestConfiguration.TenantAt(configuration, 0)["responseCache"] = new JsonObject { ["seconds"] = 3600 };
        return configuration;
    }

    private static Task<Reply> PostAsync(Client client, string path, string body, string? wish = null) =>
        client.PostTextAsync(path, body, "application/json", wish is null ? [] : [("x-metallm-cache", wish)]);
}
