namespace MetaLlm.FunctionalTests.Chat;

public sealed class ChatTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    private static readonly object[] Tools =
    [
        new { type = "function", function = new { name = "look_up", parameters = new { type = "object", properties = new { query = new { type = "string" } } } } },
    ];

    [Fact]
    public async Task An_answer_bears_the_decision_and_the_arm_in_body_and_headers()
    {
        var reply = (await _gateway.Alpha.ChatAsync("Say something.")).Ok();
        Assert.Equal("chatcmpl-" + reply.DecisionId, reply.Json.GetProperty("id").GetString());
        Assert.Equal(reply.Model, reply.Json.GetProperty("model").GetString());
        Assert.Contains(reply.Model, TestConfiguration.Arms);
        Assert.Equal("1", reply.Headers["x-metallm-attempts"]);
        Assert.Equal("metallm", reply.Headers["x-metallm-policy"]);
        Assert.InRange(double.Parse(reply.Headers["x-metallm-propensity"], System.Globalization.CultureInfo.InvariantCulture), double.Epsilon, 1);
    }

    [Fact]
    public async Task A_named_arm_answers_with_certainty()
    {
        foreach (var arm in TestConfiguration.Arms)
        {
            var reply = (await _gateway.Alpha.ChatAsync("Say something.", arm)).Ok();
            Assert.Equal(arm, reply.Model);
            Assert.Equal("1", reply.Headers["x-metallm-propensity"]);
        }
    }

    [Fact]
    public async Task Fields_that_nobody_knows_pass_through_both_ways()
    {
        var reply = (await _gateway.Alpha.PostTextAsync(
            "/v1/chat/completions",
            """{"model":"auto","messages":[{"role":"user","content":"x"}],"foo":{"bar":[1,2.50,"é"]},"metallm":{"task":"t"}}""")).Ok();
        Assert.Equal("""{"bar":[1,2.50,"é"]}""", JsonSerializer.Serialize(reply.Json.GetProperty("echo").GetProperty("foo"), Relaxed));
        Assert.False(reply.Json.GetProperty("echo").TryGetProperty("metallm", out _));
        Assert.Equal("fp_sim", reply.Json.GetProperty("system_fingerprint").GetString());
    }

    [Fact]
    public async Task A_stream_bears_the_decision_in_every_chunk_and_ends_as_clients_expect()
    {
        using var response = await _gateway.Alpha.StreamAsync(Streaming(new { }));
        var events = await EventStream.ReadAsync(response);
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        var chunks = EventStream.Chunks(events).ToList();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("[DONE]", events[^1]);
        Assert.All(chunks, c => Assert.Equal("chatcmpl-" + id, c.GetProperty("id").GetString()));
        Assert.All(chunks, c => Assert.Equal(response.Headers.GetValues("x-metallm-model").Single(), c.GetProperty("model").GetString()));
        Assert.Contains("I am sim-", EventStream.Text(chunks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_of_a_stream_is_counted_and_shown_only_to_those_who_asked()
    {
        using var plain = await _gateway.Alpha.StreamAsync(Streaming(new { }));
        var hidden = EventStream.Chunks(await EventStream.ReadAsync(plain)).ToList();
        Assert.All(hidden, c => Assert.False(c.TryGetProperty("usage", out _)));
        Assert.All(hidden, c => Assert.NotEmpty(c.GetProperty("choices").EnumerateArray()));

        using var asked = await _gateway.Alpha.StreamAsync(Streaming(new { stream_options = new { include_usage = true } }));
        var shown = EventStream.Chunks(await EventStream.ReadAsync(asked)).Last();
        var usage = shown.GetProperty("usage");
        Assert.Empty(shown.GetProperty("choices").EnumerateArray());

        var settled = await SettlementAsync(asked);
        Assert.Equal(usage.GetProperty("prompt_tokens").GetDouble(), settled.GetProperty("prompt_tokens").GetDouble());
        Assert.Equal(usage.GetProperty("completion_tokens").GetDouble(), settled.GetProperty("completion_tokens").GetDouble());
        Assert.True((await SettlementAsync(plain)).GetProperty("completion_tokens").GetDouble() > 1);
    }

    [Fact]
    public async Task An_answer_is_settled_at_its_true_cost_before_it_arrives()
    {
        var reply = (await _gateway.Alpha.ChatAsync("What does this cost?")).Ok();
        var usage = reply.Json.GetProperty("usage");
        var decision = (await _gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
        var settlement = decision.GetProperty("settlement");
        Assert.Equal("completed", settlement.GetProperty("outcome").GetString());
        Assert.Equal(
            (usage.GetProperty("prompt_tokens").GetDouble() * 1e-6) + (usage.GetProperty("completion_tokens").GetDouble() * 2e-6),
            settlement.GetProperty("cost_usd").GetDouble(),
            12);
    }

    [Fact]
    public async Task Tool_calls_pass_through_plain_and_streamed()
    {
        var reply = (await _gateway.Alpha.PostAsync("/v1/chat/completions", WithTools(stream: false))).Ok();
        var call = reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("look_up", call.GetProperty("name").GetString());

        using var response = await _gateway.Alpha.StreamAsync(WithTools(stream: true));
        var pieces = EventStream.Chunks(await EventStream.ReadAsync(response))
            .Select(c => c.GetProperty("choices")[0].GetProperty("delta"))
            .Where(d => d.TryGetProperty("tool_calls", out _))
            .Select(d => d.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(call.GetProperty("arguments").GetString(), string.Concat(pieces));
    }

    [Fact]
    public async Task Wishes_come_in_the_body_or_in_headers()
    {
        var inHeaders = (await _gateway.Alpha.ChatAsync("x", "auto", ("x-metallm-allow", "sim-coder"), ("x-metallm-task", "code"))).Ok();
        Assert.Equal("sim-coder", inHeaders.Model);
        var decision = (await _gateway.Alpha.GetAsync($"/v1/decisions/{inHeaders.DecisionId}")).Ok().Json;
        Assert.Equal("code", decision.GetProperty("task").GetString());

        var body = new { model = "auto", messages = new[] { new { role = "user", content = "x" } }, metallm = new { allow = new[] { "sim-nano" }, dial = new { quality = 2.0 } } };
        var inBody = (await _gateway.Alpha.PostAsync("/v1/chat/completions", body, ("x-metallm-allow", "sim-coder"))).Ok();
        Assert.Equal("sim-nano", inBody.Model);
        var other = (await _gateway.Alpha.GetAsync($"/v1/decisions/{inBody.DecisionId}")).Ok().Json;
        Assert.Equal(2, other.GetProperty("dial").GetProperty("quality").GetDouble());
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<JsonElement> SettlementAsync(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        return (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("settlement");
    }

    private static object WithTools(bool stream) => new
    {
        model = "auto",
        stream,
        messages = new[] { new { role = "user", content = "Find it" } },
        tools = Tools,
        tool_choice = "required",
    };

    private static Dictionary<string, object> Streaming(object more)
    {
        var body = new Dictionary<string, object> { ["model"] = "auto", ["stream"] = true, ["messages"] = new[] { new { role = "user", content = "Tell me more." } } };
        foreach (var member in JsonSerializer.SerializeToElement(more).EnumerateObject())
        {
            body[member.Name] = member.Value;
        }

        return body;
    }
}
