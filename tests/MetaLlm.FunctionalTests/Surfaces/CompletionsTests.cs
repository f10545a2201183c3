using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

public sealed class CompletionsTests
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task A_prompt_is_routed_passed_on_and_learned_from_as_a_chat_is()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var reply = (await gateway.Alpha.PostAsync(Path, new { model = "auto", prompt = "What is 17 * 23?", max_tokens = 50 })).Ok();
        Assert.Equal("text_completion", reply.Json.GetProperty("object").GetString());
        Assert.NotEmpty(reply.Json.GetProperty("choices")[0].GetProperty("text").GetString()!);
        Assert.Equal((reply.Headers["x-metallm-model"], false), (reply.Json.GetProperty("model").GetString(), reply.Json.TryGetProperty("metallm", out _)));
        var decision = await gateway.Alpha.DecisionAsync(reply.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        Assert.Equal("metallm", decision.GetProperty("policy").GetString());
        Assert.Equal(reply.Json.GetProperty("usage").GetProperty("completion_tokens").GetDouble(), decision.GetProperty("settlement").GetProperty("completion_tokens").GetDouble());
        (await gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        var pinned = (await gateway.Alpha.PostAsync(Path, new { model = "sim-coder", prompt = new[] { "Say something." } })).Ok();
        Assert.Equal("sim-coder", pinned.Json.GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_stream_passes_as_it_comes()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var response = await gateway.Alpha.StreamAsync(new { model = "auto", prompt = "What is 17 * 23?", stream = true }, Path);
        var events = await EventStream.ReadAsync(response);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].Select(text => JsonDocument.Parse(text).RootElement).ToList();
        Assert.All(chunks, chunk => Assert.Equal("text_completion", chunk.GetProperty("object").GetString()));
        Assert.NotEmpty(string.Concat(chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("text").GetString())));
        Assert.All(chunks, chunk => Assert.False(chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object));
    }

    [Fact]
    public async Task What_cannot_be_served_is_refused_and_a_model_without_the_format_is_left_for_another()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("chat-only", (http, _) => ScriptedUpstream.FailAsync(http, 404, """{"error":{"message":"This is a chat model.","code":"not_found"}}"""));
        upstream.On("older", (http, _) => ScriptedUpstream.FailAsync(http, 200, """{"id":"u","object":"text_completion","choices":[{"index":0,"text":"Hello.","finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""));
        var configuration = upstream.Configure("chat-only", "older");
        await using var gateway = await RunningGateway.StartAsync(configuration);
        for (var call = 0; call < 8; call++)
        {
            Assert.Equal("older", (await gateway.Alpha.PostAsync(Path, new { model = "auto", prompt = "Hi." })).Ok().Json.GetProperty("model").GetString());
        }

        // Its circuit is closed: it chats as before.
        var arms = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray();
        Assert.All(arms, arm => Assert.Equal("closed", arm.GetProperty("circuit").GetString()));
        var refused = await gateway.Alpha.PostAsync(Path, new { model = "chat-only", prompt = "Hi." });
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (refused.Status, refused.Code));
        foreach (var (param, body) in ((string, object)[])
            [("prompt", new { model = "auto" }), ("prompt[0]", new { model = "auto", prompt = new[] { 1, 2 } }), ("prompt", new { model = "auto", prompt = Array.Empty<string>() }), ("n", new { model = "auto", prompt = "x", n = 0 })])
        {
            var reply = await gateway.Alpha.PostAsync(Path, body);
            Assert.Equal((HttpStatusCode.BadRequest, param), (reply.Status, reply.Error.GetProperty("param").GetString()));
        }
    }

    [Fact]
    public async Task Upstreams_that_have_chat_alone_and_models_that_do_not_list_the_ability_are_never_asked()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["upstreams"]!["messages"] = new JsonObject { ["kind"] = "anthropic", ["baseUrl"] = "http://127.0.0.1:9/v1" };
        TestConfiguration.TenantAt(configuration, 0)["arms"] = new JsonArray(TestConfiguration.Arm("claude", upstream: "messages"));
        var listed = TestConfiguration.Arm("sim-nano");
        listed["capabilities"] = new JsonArray("tools");
        TestConfiguration.TenantAt(configuration, 1)["arms"] = new JsonArray(listed);
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var none = await gateway.Alpha.PostAsync(Path, new { model = "auto", prompt = "Hi." });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (none.Status, none.Code));
        Assert.Equal("missing_capability", (await gateway.Beta.PostAsync(Path, new { model = "auto", prompt = "Hi." })).Code);
    }
}
