using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Anthropic's Messages format as it is on the wire.</summary>
public sealed class MessagesTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;
    private string _asked = string.Empty;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var configuration = _upstream.Configure("a");
        configuration["MetaLlm"]!["routing"]!["keepAliveSeconds"] = 0.1;
        _gateway = await RunningGateway.StartAsync(configuration);
        _upstream.On("a", (context, body) =>
        {
            _asked = body;
            return ScriptedModel.AnswerAsync(context, body);
        });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_is_a_message_whose_id_feedback_takes()
    {
        var reply = (await _gateway.Nobody.PostAsync("/v1/messages", Ask("Hello."), ("x-api-key", TestConfiguration.AlphaKey), ("anthropic-version", "2023-06-01"))).Ok();
        var message = reply.Json;
        Assert.Equal($"msg_{reply.DecisionId}", message.GetProperty("id").GetString());
        Assert.Equal("""[{"type":"text","text":"Hello there."}]""", message.GetProperty("content").GetRawText());
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        Assert.Equal("a", message.GetProperty("model").GetString());
        var usage = message.GetProperty("usage");
        Assert.Equal((20, 10, 12), (usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("cache_read_input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32()));

        (await _gateway.Alpha.PostAsync("/v1/feedback", new { id = message.GetProperty("id").GetString(), reward = 1 })).Ok();
        var decision = (await _gateway.Alpha.GetAsync($"/v1/decisions/{message.GetProperty("id").GetString()}")).Ok().Json;
        Assert.Equal("completed", decision.GetProperty("settlement").GetProperty("outcome").GetString());
        Assert.Equal(1, decision.GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task A_streamed_answer_has_its_events_in_order()
    {
        using var response = await _gateway.Alpha.StreamAsync(Ask("Hello.", new { stream = true, thinking = new { type = "enabled", budget_tokens = 2048 }, tools = Tools }), "/v1/messages");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = (await EventStream.ReadAsync(response)).Select(data => JsonNode.Parse(data)!).ToList();
        Assert.Equal(
            [
                "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_delta", "content_block_stop", "content_block_start", "content_block_stop",
                "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
            ],
            events.Select(data => (string)data["type"]!).Where(type => type != "ping"));
        Assert.Equal(
            ["Let me ", "think.", ScriptedModel.Signature, "{\"city\":", "\"Rome\"}"],
            events.Where(data => (string)data["type"]! == "content_block_delta").Select(data => (string)data["delta"]!.AsObject().Last().Value!));
        Assert.Equal(["thinking", "redacted_thinking", "tool_use"], events.Where(data => data["content_block"] is not null).Select(data => (string)data["content_block"]!["type"]!));
        var start = events[0]["message"]!;
        Assert.StartsWith("msg_", (string)start["id"]!, StringComparison.Ordinal);
        Assert.True((int)start["usage"]!["input_tokens"]! > 0);
        var end = events[^2];
        Assert.Equal("tool_use", (string?)end["delta"]!["stop_reason"]);
        Assert.Equal((20, 12), ((int)end["usage"]!["input_tokens"]!, (int)end["usage"]!["output_tokens"]!));
    }

    [Fact]
    public async Task What_routing_is_asked_and_what_a_model_knows_go_the_same_way_as_in_chat()
    {
        var reply = (await _gateway.Alpha.PostAsync("/v1/messages", Ask("Hello.", new { top_k = 7, metallm = new { task = "greeting" } }), ("x-metallm-cost", "2"))).Ok();
        Assert.Equal(7, (int)JsonNode.Parse(_asked)!["top_k"]!);
        Assert.Null(JsonNode.Parse(_asked)!["metallm"]);
        Assert.Equal("greeting", (await _gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("task").GetString());
        Assert.Equal("a", reply.Model);
        Assert.Equal("1", reply.Headers["x-metallm-attempts"]);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_with_an_error_event_and_in_good_order()
    {
        _upstream.On("a", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
        });
        using var response = await _gateway.Alpha.StreamAsync(Ask("Hello.", new { stream = true }), "/v1/messages");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_cut\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("message_stop", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_every_model_objects_to_is_an_error_with_the_models_words_before_a_stream_and_within_one()
    {
        var refused = await _gateway.Alpha.PostAsync("/v1/messages", Ask("please object"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(("invalid_request_error", "I object.", "model_objected"), (refused.Error.GetProperty("type").GetString(), refused.Message, refused.Code));
        Assert.NotEmpty(refused.DecisionId);

        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.On("a", async (context, body) =>
        {
            await gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedModel.AnswerAsync(context, body);
        });
        using var response = await _gateway.Alpha.StreamAsync(Ask("please object", new { stream = true }), "/v1/messages");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": keep-alive", await reader.ReadLineAsync());
        gate.SetResult();
        Assert.EndsWith("\"message\":\"I object.\",\"code\":\"model_objected\",\"param\":null},\"request_id\":null}\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_know_thinking_is_called_without_that_member_and_with_the_effort()
    {
        _upstream.On("a", (context, body) =>
        {
            _asked = body;
            return body.Contains("\"thinking\"", StringComparison.Ordinal)
                ? ScriptedUpstream.FailAsync(context, 400, """{"error":{"message":"Unknown parameter: 'thinking'.","type":"invalid_request_error","param":"thinking","code":"unknown_parameter"}}""")
                : ScriptedModel.AnswerAsync(context, body);
        });
        var reply = (await _gateway.Alpha.PostAsync("/v1/messages", Ask("Hello.", new { thinking = new { type = "enabled", budget_tokens = 2048 } }))).Ok();
        Assert.Equal("thinking", reply.Headers["x-metallm-adapted-parameters"]);
        Assert.Equal("low", (string?)JsonNode.Parse(_asked)!["reasoning_effort"]);
    }

    [Fact]
    public async Task A_gap_in_an_answer_is_filled_with_pings()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.On("a", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
            await gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("lo", "stop"));
            await ScriptedUpstream.SendAsync(context, "[DONE]");
        });
        using var response = await _gateway.Alpha.StreamAsync(Ask("Hello.", new { stream = true }), "/v1/messages");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is not null and not "event: ping");
        Assert.Equal("data: {\"type\":\"ping\"}", await reader.ReadLineAsync());
        gate.SetResult();
        var rest = await reader.ReadToEndAsync();
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", rest, StringComparison.Ordinal);

        // Nobody counted: the text that came is what is told.
        Assert.Contains("\"output_tokens\":2,", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_what_stands_before_the_endpoint_have_its_form_too()
    {
        var body = JsonSerializer.Serialize(Ask("Hello."));
        var replies = new[]
        {
            (401, "authentication_error", "missing_api_key", await _gateway.Nobody.PostTextAsync("/v1/messages", body)),
            (401, "authentication_error", "invalid_api_key", await _gateway.Nobody.PostTextAsync("/v1/messages", body, headers: ("x-api-key", "unknown"))),
            (400, "invalid_request_error", "host_not_allowed", await _gateway.Alpha.PostTextAsync("/v1/messages", body, headers: ("Host", "elsewhere.example"))),
            (405, "invalid_request_error", "method_not_allowed", await _gateway.Alpha.GetAsync("/v1/messages")),
            (413, "request_too_large", "request_too_large", await _gateway.Alpha.PostAsync("/v1/messages", Ask(new string('x', 70_000)))),
            (415, "invalid_request_error", "unsupported_media_type", await _gateway.Alpha.PostTextAsync("/v1/messages", body, "text/plain")),
            (400, "invalid_request_error", "invalid_json", await _gateway.Alpha.PostTextAsync("/v1/messages", "{")),
            (404, "not_found_error", "model_not_found", await _gateway.Alpha.PostAsync("/v1/messages", new { model = "none", max_tokens = 5, messages = new[] { new { role = "user", content = "x" } } })),
            (404, "not_found_error", "unknown_url", await _gateway.Alpha.PostTextAsync("/v1/messages/batches", body)),
            (404, "not_found_error", "unknown_url", await _gateway.Alpha.PostTextAsync("/v1/skills", body, headers: ("anthropic-version", "2023-06-01"))),
            (415, "invalid_request_error", "unsupported_media_type", await _gateway.Alpha.PostTextAsync("/v1/files", body, headers: ("anthropic-version", "2023-06-01"))),
        };
        foreach (var (status, type, code, reply) in replies)
        {
            Assert.Equal(status, (int)reply.Status);
            Assert.Equal("error", reply.Json.GetProperty("type").GetString());
            Assert.Equal((type, code), (reply.Error.GetProperty("type").GetString(), reply.Code));
        }
    }

    [Fact]
    public async Task A_key_is_read_from_either_header_and_authorization_goes_first()
    {
        (await _gateway.Nobody.SendAsync("GET", "/v1/models", null, ("x-api-key", TestConfiguration.BetaKey))).Ok();
        (await _gateway.Alpha.SendAsync("GET", "/v1/models", null, ("x-api-key", "unknown"))).Ok();
        Assert.Equal("invalid_api_key", (await _gateway.With("unknown").SendAsync("GET", "/v1/models", null, ("x-api-key", TestConfiguration.BetaKey))).Code);
    }

    [Fact]
    public async Task Tokens_are_counted_without_a_model_and_as_routing_counts_them()
    {
        var request = Ask("How long is this, in tokens?", new { system = "Be brief." });
        var counted = (await _gateway.Alpha.PostAsync("/v1/messages/count_tokens", request)).Ok().Json.GetProperty("input_tokens").GetInt32();
        Assert.Empty(_upstream.Called);
        var reply = (await _gateway.Alpha.PostAsync("/v1/messages", request)).Ok();
        var routed = (await _gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("input_tokens").GetDouble();
        Assert.Equal(Math.Ceiling(routed), counted);
    }

    [Fact]
    public async Task Models_are_listed_as_Anthropic_lists_them_for_clients_that_say_so()
    {
        var page = (await _gateway.Alpha.SendAsync("GET", "/v1/models?limit=1", null, ("anthropic-version", "2023-06-01"))).Ok().Json;
        Assert.Equal(("auto", true), (page.GetProperty("last_id").GetString(), page.GetProperty("has_more").GetBoolean()));
        page = (await _gateway.Alpha.SendAsync("GET", "/v1/models?limit=5&after_id=auto", null, ("anthropic-version", "2023-06-01"))).Ok().Json;
        Assert.Equal(("a", false), (page.GetProperty("data")[0].GetProperty("id").GetString(), page.GetProperty("has_more").GetBoolean()));
        page = (await _gateway.Alpha.SendAsync("GET", "/v1/models?before_id=a", null, ("anthropic-version", "2023-06-01"))).Ok().Json;
        Assert.Equal("auto", Assert.Single(page.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("model", (await _gateway.Alpha.SendAsync("GET", "/v1/models/a", null, ("anthropic-version", "2023-06-01"))).Ok().Json.GetProperty("type").GetString());
        Assert.Equal("list", (await _gateway.Alpha.GetAsync("/v1/models")).Ok().Json.GetProperty("object").GetString());
    }

    private static readonly object[] Tools = [new { name = "weather", input_schema = new { type = "object", properties = new { city = new { type = "string" } } } }];

    private static JsonObject Ask(string text, object? more = null)
    {
        var request = new JsonObject { ["model"] = "auto", ["max_tokens"] = 100, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
        foreach (var (name, value) in more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject())
        {
            request[name] = value?.DeepClone();
        }

        return request;
    }
}
