namespace MetaLlm.FunctionalTests.Operations;

/// <summary>Bad input of every kind: a client error that names the field, and not one event recorded.</summary>
public sealed class BadInputTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Chat = "/v1/chat/completions";
    private const string Feedback = "/v1/feedback";
    private readonly RunningGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string, int, string, string?> Bodies { get; } = new()
    {
        { Chat, "", 400, "empty_body", null },
        { Chat, "{", 400, "invalid_json", "line 1" },
        { Chat, "{\"model\":\"auto\",\n \"messages\":[}", 400, "invalid_json", "line 2, byte 14" },
        { Chat, "null", 400, "invalid_value", "'body' is null" },
        { Chat, "[]", 400, "invalid_value", "'body' is a list" },
        { Chat, "{}", 400, "invalid_value", "'messages' is missing" },
        { Chat, """{"model":"auto","model":"auto","messages":[{"role":"user","content":"x"}]}""", 400, "invalid_json", "model" },
        { Chat, """{"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'model' is missing" },
        { Chat, """{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'model' is a number" },
        { Chat, """{"model":"gpt-unknown","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found", "gpt-unknown" },
        { Chat, """{"model":"auto","messages":[]}""", 400, "invalid_value", "'messages' is empty" },
        { Chat, """{"model":"auto","messages":{}}""", 400, "invalid_value", "'messages' is an object" },
        { Chat, """{"model":"auto","messages":["x"]}""", 400, "invalid_value", "'messages[0]' is a text" },
        { Chat, """{"model":"auto","messages":[{"content":"x"}]}""", 400, "invalid_value", "'messages[0].role' is missing" },
        { Chat, """{"model":"auto","messages":[{"role":"king","content":"x"}]}""", 400, "invalid_value", "'messages[0].role' is 'king'" },
        { Chat, """{"model":"auto","messages":[{"role":"user","content":5}]}""", 400, "invalid_value", "'messages[0].content' is a number" },
        { Chat, """{"model":"auto","messages":[{"role":"user","content":["x"]}]}""", 400, "invalid_value", "'messages[0].content[0]'" },
        { Chat, """{"model":"auto","messages":[{"role":"user","content":"\ud800"}]}""", 400, "invalid_value", "half of a UTF-16 pair" },
        { Chat, """{"model":"auto","stream":"yes","messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'stream' is a text" },
        { Chat, """{"model":"auto","metallm":[],"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm' is a list" },
        { Chat, """{"model":"auto","metallm":{"dail":{}},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.dail' is not known" },
        { Chat, """{"model":"auto","metallm":{"dial":{"quality":0}},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.dial.quality' is 0" },
        { Chat, """{"model":"auto","metallm":{"dial":{"cost":-1}},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.dial.cost' is -1" },
        { Chat, """{"model":"auto","metallm":{"dial":{"latency":1e999}},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.dial.latency' is 1e999" },
        { Chat, """{"model":"auto","metallm":{"max_cost_usd":"1"},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.max_cost_usd' is a text" },
        { Chat, """{"model":"auto","metallm":{"allow":[]},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.allow' is empty" },
        { Chat, """{"model":"auto","metallm":{"allow":["gpt"]},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.allow' has 'gpt'" },
        { Chat, """{"model":"auto","metallm":{"task":""},"messages":[{"role":"user","content":"x"}]}""", 400, "invalid_value", "'metallm.task' has 0 characters" },
        { "/v1/route", "{}", 400, "invalid_value", "'messages' is missing" },
        { Feedback, "{}", 400, "invalid_value", "'decision_id' is missing" },
        { Feedback, """{"decision_id":"d"}""", 400, "invalid_value", "'reward' is missing" },
        { Feedback, """{"decision_id":"d","reward":null,"weight":1}""", 400, "invalid_value", "'weight' stands beside a reward that is null" },
        { Feedback, """{"decision_id":"d","reward":null}""", 404, "decision_not_found", "'d'" },
        { Feedback, """{"decision_id":"d","reward":NaN}""", 400, "invalid_json", "line 1" },
        { Feedback, """{"decision_id":"d","reward":"1"}""", 400, "invalid_value", "'reward' is a text" },
        { Feedback, """{"decision_id":"d","reward":true}""", 400, "invalid_value", "'reward' is true" },
        { Feedback, """{"decision_id":"d","reward":1.0000001}""", 400, "invalid_value", "'reward' is 1.0000001; it must be a number from 0 to 1" },
        { Feedback, """{"decision_id":"d","reward":-0.1}""", 400, "invalid_value", "'reward' is -0.1" },
        { Feedback, """{"decision_id":7,"reward":1}""", 400, "invalid_value", "'decision_id' is a number" },
        { Feedback, """{"decision_id":"d","id":"e","reward":1}""", 400, "invalid_value", "'id' and 'decision_id'" },
        { Feedback, """{"decision_id":"d","reward":1,"rewrad":1}""", 400, "invalid_value", "'rewrad' is not known" },
        { Feedback, """{"decision_id":"d","reward":1,"idempotency_key":""}""", 400, "invalid_value", "'idempotency_key' has 0 characters" },
        { Feedback, """{"decision_id":"d","reward":1,"usage":{"prompt_tokens":1}}""", 400, "invalid_value", "'usage.completion_tokens' is missing" },
        { Feedback, """{"decision_id":"d","reward":1,"usage":{"prompt_tokens":-1,"completion_tokens":1}}""", 400, "invalid_value", "'usage.prompt_tokens' is -1" },
        { Feedback, """{"decision_id":"d","reward":1,"cost_usd":-1}""", 400, "invalid_value", "'cost_usd' is -1" },
        { Feedback, """{"decision_id":"d","reward":1,"latency_ms":"fast"}""", 400, "invalid_value", "'latency_ms' is a text" },
        { Feedback, "[]", 400, "invalid_value", "0 items; 1 to 20" },
        { Feedback, """{"items":[]}""", 400, "invalid_value", "'items' has 0 items" },
        { Feedback, """{"items":{}}""", 400, "invalid_value", "'items' is an object" },
        { Feedback, """{"items":[{"decision_id":"d","reward":1}],"reward":1}""", 400, "invalid_value", "'reward' is not known" },
        { Feedback, """{"items":[{"decision_id":"d","reward":1},5]}""", 400, "invalid_value", "'items[1]' is a number" },
        { Feedback, """[{"decision_id":"d","reward":2}]""", 400, "invalid_value", "'[0].reward' is 2" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Bad_input_gets_an_error_that_names_it_and_changes_nothing(string path, string body, int status, string code, string? says)
    {
        var before = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Text;
        var reply = await _gateway.Alpha.PostTextAsync(path, body);
        Assert.True((int)reply.Status == status, $"{(int)reply.Status}: {reply.Text}");
        Assert.Equal(code, reply.Code);
        Assert.Contains(says ?? string.Empty, reply.Message, StringComparison.Ordinal);
        Assert.Equal(["code", "message", "param", "type"], reply.Error.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal(before, (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Text);
    }

    [Theory]
    [InlineData("x-metallm-quality", "none")]
    [InlineData("x-metallm-quality", "0")]
    [InlineData("x-metallm-cost", "NaN")]
    [InlineData("x-metallm-latency", "-1")]
    [InlineData("x-metallm-max-cost-usd", "0")]
    [InlineData("x-metallm-allow", "gpt")]
    [InlineData("x-metallm-allow", ",")]
    public async Task Bad_headers_are_named(string header, string value)
    {
        var reply = await _gateway.Alpha.ChatAsync("x", "auto", (header, value));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(header, reply.Error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task Other_media_types_are_refused(string type)
    {
        var reply = await _gateway.Alpha.PostTextAsync(Chat, "{}", type);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.Status);
        Assert.Equal("unsupported_media_type", reply.Code);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("Application/JSON;charset=UTF-8")]
    public async Task Utf_8_is_known_in_every_spelling(string type) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _gateway.Alpha.PostTextAsync(Chat, "{}", type)).Status);

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var reply = await _gateway.Alpha.ChatAsync(new string('x', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.Status);
        Assert.Equal("request_too_large", reply.Code);
        Assert.Contains("65536", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_over_the_limit_is_refused()
    {
        var reply = await _gateway.Alpha.PostAsync(Feedback, Enumerable.Range(0, 21).Select(i => new { decision_id = $"d{i}", reward = 1 }));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("21 items; 1 to 20", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("POST", "/v1/feedback/x")]
    [InlineData("POST", "/v2/policy")]
    public async Task Unknown_urls_answer_in_the_same_shape(string method, string path)
    {
        var reply = method == "GET" ? await _gateway.Alpha.GetAsync(path) : await _gateway.Alpha.PostAsync(path, new { });
        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("unknown_url", reply.Code);
    }

    [Fact]
    public async Task Capabilities_that_no_arm_has_are_the_requests_fault()
    {
        var configuration = TestConfiguration.Create();
        foreach (var arm in TestConfiguration.TenantAt(configuration, 0)["arms"]!.AsArray())
        {
            arm!["capabilities"] = new System.Text.Json.Nodes.JsonArray("json");
        }

        await using var gateway = await RunningGateway.StartAsync(configuration);
        var image = new object[] { new { type = "image_url", image_url = new { url = "data:image/png;base64,AA==" } } };
        var reply = await gateway.Alpha.PostAsync(Chat, new { model = "auto", messages = new[] { new { role = "user", content = image } } });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "missing_capability"), (reply.Status, reply.Code));

        // Tools under the name that they have, and under the one that they had.
        foreach (var member in (string[])["tools", "functions"])
        {
            reply = await gateway.Alpha.PostTextAsync(Chat, $$"""{"model":"auto","messages":[{"role":"user","content":"x"}],"{{member}}":[{"name":"f"}]}""");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "missing_capability"), (reply.Status, reply.Code));
        }
    }
}
