using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Clients of Anthropic's format whose model lies at an upstream of that format: the bytes of either reach the other, whatever they say.</summary>
public sealed class NativeMessagesTests(NativeGateway gateway) : IClassFixture<NativeGateway>
{
    private const string Request = """{ "model" : "claude","x_new":{"a":[1.50,null]} , "max_tokens":100,"metallm":{"task":"talk"},"messages":[{"role":"user","content":[{"type":"text","text":"Hi \u00e9"}]}]}""";
    private const string Sent = """{ "model" : "claude-3","x_new":{"a":[1.50,null]} , "max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi \u00e9"}]}]}""";

    private readonly List<string> _asked = [];

    private Client Payer => gateway.Payer;

    [Fact]
    public async Task A_whole_answer_passes_as_it_came_but_for_id_and_model()
    {
        Answers(call => call.TextAsync(200, """{"x_first":[ ], "id":"msg_theirs","type":"message","model":"claude-3","content":[{"type":"text","text":"Hi.","x_block":{}},{"type":"x_block"}],"stop_reason":"x_reason","usage":{"input_tokens":10,"output_tokens":4,"x_tokens":7}}"""));
        var reply = (await Payer.PostTextAsync("/v1/messages", Request)).Ok();

        Assert.Equal(Sent, Assert.Single(_asked));
        Assert.Equal(
            $$$"""{"x_first":[ ], "id":"msg_{{{reply.DecisionId}}}","type":"message","model":"claude","content":[{"type":"text","text":"Hi.","x_block":{}},{"type":"x_block"}],"stop_reason":"x_reason","usage":{"input_tokens":10,"output_tokens":4,"x_tokens":7}}""",
            reply.Text);
        Assert.Equal("claude", reply.Model);
        await SettledAsync(reply.DecisionId, "completed", 10, 4);
        (await Payer.PostAsync("/v1/feedback", new { id = $"msg_{reply.DecisionId}", reward = 1 })).Ok();
    }

    [Fact]
    public async Task A_request_that_nobody_judges_passes_as_it_came_to_a_tenant_with_judges_too()
    {
        Answers(call => call.TextAsync(200, """{"id":"msg_theirs","type":"message","model":"claude-3","content":[{"type":"text","text":"Hi."}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":4}}"""));
        (await gateway.Judged.PostTextAsync("/v1/messages", Request)).Ok();
        Assert.Equal(Sent, Assert.Single(_asked));
    }

    [Fact]
    public async Task A_stream_passes_as_it_comes_with_events_that_nobody_here_knows()
    {
        const string Begin = "event: message_start\ndata: {\"type\":\"message_start\",\"x\":1,\"message\":{\"x_first\":1,\"id\":\"msg_theirs\", \"model\":\"claude-3\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n";
        const string Rest = "event: x_event\ndata: {\"type\":\"x_event\", \"a\":1}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n"
            + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\",\"x\":2}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi.\"}}\n\n: a comment\n\n"
            + "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"x_delta\",\"x\":\"y\"}}\r\n\r\n"
            + "event: x_event\ndata: {\"type\":\"x_event\",\ndata: \"a\":2}\n\nevent: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"x\":3},\"usage\":{\"output_tokens\":4,\"x_tokens\":5}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\",\"x\":4}\n\n";
        Answers(call => call.RawAsync(Begin + Rest));
        var reply = (await Payer.PostTextAsync("/v1/messages", Request.Replace("{ \"model\"", "{\"stream\":true, \"model\"", StringComparison.Ordinal))).Ok();

        Assert.Equal(Sent.Replace("{ \"model\"", "{\"stream\":true, \"model\"", StringComparison.Ordinal), Assert.Single(_asked));
        Assert.Equal(Begin.Replace("msg_theirs", $"msg_{reply.DecisionId}", StringComparison.Ordinal).Replace("claude-3", "claude", StringComparison.Ordinal) + Rest, reply.Text);
        await SettledAsync(reply.DecisionId, "completed", 10, 4);
    }

    [Fact]
    public async Task A_stream_that_fails_before_content_leaves_no_trace_and_one_that_breaks_off_ends_with_an_error()
    {
        gateway.Upstream.On("chat", call => ScriptedModel.AnswerAsync(call.Http, call.Asked.GetRawText()));
        const string Begin = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_theirs\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\nevent: x_event\ndata: {\"type\":\"x_event\"}\n\n";
        Answers(call => call.RawAsync(Begin + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"));
        var ask = new { model = "auto", max_tokens = 100, stream = true, messages = new[] { new { role = "user", content = "Hi." } } };
        var other = (await Payer.PostAsync("/v1/messages", ask)).Ok();
        Assert.Equal("chat", other.Model);
        Assert.DoesNotContain("x_event", other.Text, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", other.Text, StringComparison.Ordinal);

        Answers(call => call.RawAsync(Begin + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi.\"}}\n\n"));
        var cut = (await Payer.PostAsync("/v1/messages", ask)).Ok();
        Assert.Equal("claude", cut.Model);
        Assert.Contains("x_event", cut.Text, StringComparison.Ordinal);
        Assert.Contains("event: error\ndata: {\"type\":\"error\"", cut.Text, StringComparison.Ordinal);
        await SettledAsync(cut.DecisionId, "cut", 10, null);
    }

    [Theory]
    [InlineData("\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://mcp.example.com\",\"name\":\"a\"}],\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"a\"}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"}]", "mcp_servers")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi.\",\"x_new\":[1.50]}]}]", "messages[0].content[0].x_new")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"mcp_tool_use\",\"id\":\"m\",\"name\":\"n\",\"server_name\":\"a\",\"input\":{}},{\"type\":\"mcp_tool_result\",\"tool_use_id\":\"m\",\"content\":[]},{\"type\":\"text\",\"text\":\"So.\"}]},{\"role\":\"user\",\"content\":\"Go on.\"}]", "messages[1].content[0].type")]
    public async Task What_only_the_format_has_goes_untouched_to_models_that_speak_it_and_to_no_others(string members, string field)
    {
        var betas = new List<string>();
        Answers(call =>
        {
            betas.Add(call.Http.Request.Headers["anthropic-beta"].ToString());
            return call.TextAsync(200, """{"id":"msg_theirs","type":"message","model":"claude-3","content":[{"type":"mcp_tool_use","id":"m","name":"n","server_name":"a","input":{}},{"type":"text","text":"Hi."}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":4}}""");
        });
        string Request(string model) => $$"""{"model":"{{model}}","max_tokens":100,{{members}}}""";
        var reply = (await Payer.PostTextAsync("/v1/messages", Request("auto"), "application/json", ("anthropic-beta", "mcp-client-2025-11-20, other-2025-01-01"))).Ok();
        Assert.Equal("claude", reply.Model);
        Assert.Equal(Request("claude-3"), Assert.Single(_asked));
        Assert.Equal("mcp-client-2025-11-20", Assert.Single(betas));
        Assert.Contains("mcp_tool_use", reply.Text, StringComparison.Ordinal);
        var decision = (await Payer.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
        Assert.Equal("not_allowed", decision.GetProperty("arms").EnumerateArray().Single(arm => arm.GetProperty("id").GetString() == "chat").GetProperty("exclusion").GetString());

        var refused = await Payer.PostTextAsync("/v1/messages", Request("chat"));
        Assert.Equal((HttpStatusCode.BadRequest, field), (refused.Status, refused.Json.GetProperty("error").GetProperty("param").GetString()));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task A_model_that_is_sent_changed_requests_objects_to_what_only_the_format_has()
    {
        Answers(call => call.TextAsync(200, "{}"));
        var refused = await Payer.PostTextAsync("/v1/messages", """{"model":"changed","top_k":5,"max_tokens":100,"mcp_servers":[{"type":"url","url":"https://mcp.example.com","name":"a"}],"messages":[{"role":"user","content":"Hi."}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task What_is_to_be_changed_for_a_model_is_translated()
    {
        const string Whole = """{"id":"msg_theirs","type":"message","model":"claude-3","content":[{"type":"text","text":"Hi."}],"stop_reason":"end_turn","x_new":1,"usage":{"input_tokens":10,"output_tokens":4}}""";
        Answers(call => call.Asked.TryGetProperty("temperature", out _)
            ? call.TextAsync(400, """{"type":"error","error":{"type":"invalid_request_error","message":"`temperature` is deprecated for this model."}}""")
            : call.TextAsync(200, Whole));

        // A model's parameters to leave out matter to requests that have them alone.
        var plain = new { model = "changed", max_tokens = 100, messages = new[] { new { role = "user", content = "Hi." } } };
        Assert.True((await Payer.PostAsync("/v1/messages", plain)).Ok().Json.TryGetProperty("x_new", out _));
        var ask = new { model = "changed", max_tokens = 100, top_k = 5, messages = new[] { new { role = "user", content = "Hi." } } };
        Assert.False((await Payer.PostAsync("/v1/messages", ask)).Ok().Json.TryGetProperty("x_new", out _));
        Assert.False(JsonNode.Parse(_asked[^1])!.AsObject().ContainsKey("top_k"));

        // An objection that has a cure is cured: the same model is asked without the parameter.
        var cured = (await Payer.PostAsync("/v1/messages", new { model = "claude", max_tokens = 100, temperature = 0.5, messages = new[] { new { role = "user", content = "Hi." } } })).Ok();
        Assert.Equal("temperature", cured.Headers["x-metallm-adapted-parameters"]);
        Assert.Equal(("Hi.", false), (cured.Json.GetProperty("content")[0].GetProperty("text").GetString(), cured.Json.TryGetProperty("x_new", out _)));
    }

    private void Answers(Func<UpstreamCall, Task> answer) => gateway.Upstream.On("claude-3", call =>
    {
        _asked.Add(call.Asked.GetRawText());
        return answer(call);
    });

    private Task<JsonElement> SettledAsync(string id, string outcome, int input, int? output) => Payer.DecisionAsync(id, decision =>
        decision.GetProperty("settlement") is { ValueKind: JsonValueKind.Object } settled && settled.GetProperty("outcome").GetString() == outcome
        && settled.GetProperty("prompt_tokens").GetDouble() == input && (output is null || settled.GetProperty("completion_tokens").GetDouble() == output));
}
