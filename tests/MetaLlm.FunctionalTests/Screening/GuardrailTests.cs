namespace MetaLlm.FunctionalTests.Screening;

public sealed class GuardrailTests(ScreenedGateway screened) : IClassFixture<ScreenedGateway>
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData(Chat, """{"model":"auto","messages":[{"role":"user","content":"a bomb"}]}""")]
    [InlineData(Chat, """{"model":"auto","stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"a bomb"}]}]}""")]
    [InlineData("/v1/messages", """{"model":"auto","max_tokens":50,"messages":[{"role":"user","content":"a bomb"}]}""")]
    [InlineData("/v1/responses", """{"model":"auto","input":"a bomb"}""")]
    [InlineData("/v1/completions", """{"model":"auto","prompt":["a lamp","a bomb"]}""")]
    public async Task A_request_that_is_blocked_reaches_no_model_and_is_no_decision(string path, string body)
    {
        var tenant = screened.Tenant("hold");
        var (called, before) = (screened.Called, (await tenant.GetAsync("/v1/policy")).Ok().Json.GetProperty("decisions").GetInt32());
        var reply = await tenant.PostTextAsync(path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "content_blocked", "The guardrail 'hook' has blocked the request. No weapons."), (reply.Status, reply.Code, reply.Message));
        Assert.Equal(path == "/v1/messages", reply.Json.TryGetProperty("type", out _));
        Assert.False(reply.Headers.ContainsKey("x-metallm-decision-id"));
        Assert.Equal((called, before), (screened.Called, (await tenant.GetAsync("/v1/policy")).Ok().Json.GetProperty("decisions").GetInt32()));
        Assert.Contains(screened.Looked, look => look.Authorization == "Bearer hook-key-0123456789");
    }

    [Theory]
    [InlineData(Chat, """{"model":"auto","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"my secret code"}]}""")]
    [InlineData("/v1/messages", """{"model":"auto","max_tokens":50,"messages":[{"role":"user","content":"my secret code"}]}""")]
    [InlineData("/v1/responses", """{"model":"auto","input":"my secret code"}""")]
    public async Task A_request_goes_on_with_the_words_that_a_guardrail_gives_it(string path, string body)
    {
        var reply = (await screened.Tenant("hold").PostTextAsync(path, body)).Ok();
        Assert.Contains("my [gone] code", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, false)]
    [InlineData(Chat, true)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", true)]
    public async Task An_answer_is_rewritten_before_any_of_it_is_sent(string path, bool stream)
    {
        using var response = await screened.Tenant("hold").StreamAsync(Asking(path, "the password is 123", stream), path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("the ******** is 123", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pas", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blocked_answer_is_paid_for_and_nothing_of_it_is_sent(bool stream)
    {
        var tenant = screened.Tenant("hold");
        var reply = await tenant.PostAsync(Chat, Asking(Chat, "poison is", stream));
        Assert.Equal((HttpStatusCode.BadRequest, "content_blocked", "The guardrail 'hook' has blocked the answer."), (reply.Status, reply.Code, reply.Message));
        Assert.DoesNotContain("poison", reply.Text, StringComparison.Ordinal);
        var decision = await tenant.DecisionAsync(reply.DecisionId, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        Assert.Equal("completed", decision.GetProperty("settlement").GetProperty("outcome").GetString());
        Assert.True(decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble() > 0);
        (await tenant.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 0 })).Ok();
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData("/v1/messages")]
    [InlineData("/v1/responses")]
    public async Task A_stream_that_breaks_off_while_it_is_held_is_an_error_that_names_its_decision(string path)
    {
        var tenant = screened.Tenant("hold");
        var reply = await tenant.PostAsync(path, Asking(path, "this breaks off", stream: true));
        Assert.Equal((HttpStatusCode.BadGateway, "upstream_cut"), (reply.Status, reply.Code));
        var decision = await tenant.DecisionAsync(reply.DecisionId, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        Assert.NotEqual("completed", decision.GetProperty("settlement").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task In_chunks_what_was_looked_at_is_sent_and_the_rest_is_not()
    {
        var tenant = screened.Tenant("chunks");
        using (var good = await tenant.StreamAsync(Asking(Chat, "one two three four five six", stream: true)))
        {
            var events = await EventStream.ReadAsync(good);
            Assert.Equal(("one two three four five six", "[DONE]"), (EventStream.Text(EventStream.Chunks(events)), events[^1]));
        }

        Assert.Contains(screened.Looked, look => look.Body.GetProperty("partial").GetBoolean());
        using var bad = await tenant.StreamAsync(Asking(Chat, "harmless words first, poison at the end", stream: true));
        var text = await bad.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, bad.StatusCode);
        Assert.Contains("harmless", string.Concat(text.Split("\"content\":\"").Skip(1).Select(piece => piece[..piece.IndexOf('"', StringComparison.Ordinal)])), StringComparison.Ordinal);
        Assert.Contains("content_blocked", text, StringComparison.Ordinal);
        Assert.DoesNotContain("poi", text, StringComparison.Ordinal);
        Assert.DoesNotContain("at the", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Afterwards_a_blocked_stream_ends_with_an_error_in_place_of_its_end()
    {
        var tenant = screened.Tenant("afterwards");
        using (var good = await tenant.StreamAsync(Asking(Chat, "one two", stream: true)))
        {
            Assert.Equal("[DONE]", (await EventStream.ReadAsync(good))[^1]);
        }

        using var bad = await tenant.StreamAsync(Asking(Chat, "some poison", stream: true));
        var events = await EventStream.ReadAsync(bad);
        Assert.Equal("some poison", EventStream.Text(EventStream.Chunks(events.SkipLast(1)).Where(chunk => chunk.TryGetProperty("choices", out _))));
        Assert.Contains("content_blocked", events[^1], StringComparison.Ordinal);
        using var message = await tenant.StreamAsync(Asking("/v1/messages", "some poison", stream: true), "/v1/messages");
        Assert.Contains("event: error", await message.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("away", 503)]
    [InlineData("slow", 503)]
    [InlineData("lenient", 200)]
    public async Task A_guardrail_that_cannot_look_lets_pass_what_its_configuration_says(string id, int status)
    {
        var reply = await screened.Tenant(id).ChatAsync("hello");
        Assert.Equal(status, (int)reply.Status);
        if (status != 200)
        {
            Assert.Equal(("guardrail_unavailable", "1"), (reply.Code, reply.Headers["Retry-After"]));
        }
    }

    [Fact]
    public async Task Guardrails_of_the_application_see_what_those_before_them_have_left()
    {
        var reply = (await screened.Tenant("upper").ChatAsync("my secret")).Ok();
        Assert.Contains("MY [GONE]", screened.Asked);
        Assert.Contains("MY [GONE]", reply.Text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
        Assert.Equal("content_blocked", (await screened.Tenant("upper").ChatAsync("a bomb")).Code);
    }

    [Fact]
    public async Task Tokens_that_no_guardrail_can_read_are_refused()
    {
        var reply = await screened.Tenant("hold").PostTextAsync("/v1/completions", """{"model":"auto","prompt":[1,2,3]}""");
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
    }

    private static object Asking(string path, string text, bool stream) => path switch
    {
        "/v1/messages" => new { model = "auto", max_tokens = 50, stream, messages = new[] { new { role = "user", content = text } } },
        "/v1/responses" => new { model = "auto", stream, input = text },
        _ => new { model = "auto", stream, messages = new[] { new { role = "user", content = text } } },
    };
}
