namespace MetaLlm.FunctionalTests.Screening;

public sealed class RequestLogTests(ScreenedGateway screened) : IClassFixture<ScreenedGateway>
{
    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/messages", false)]
    public async Task A_request_is_kept_without_what_must_not_be_kept(string path, bool stream)
    {
        var tenant = screened.Tenant("logged");
        using var response = await tenant.StreamAsync(
            new { model = "auto", max_tokens = 50, stream, messages = new[] { new { role = "user", content = "I am ann@example.com, card 4111 1111 1111 1111, order-77." } } }, path);
        await response.Content.ReadAsStringAsync();
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        var kept = await KeptAsync(tenant, id);
        Assert.Equal((path, "echo", stream, 200, JsonValueKind.Null), (kept.GetProperty("path").GetString(), kept.GetProperty("model").GetString(), kept.GetProperty("stream").GetBoolean(), kept.GetProperty("status").GetInt32(), kept.GetProperty("error").ValueKind));
        const string Redacted = "I am [email], card [card], [redacted].";
        Assert.Equal(Redacted, kept.GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal(("content", Redacted), (kept.GetProperty("answer")[0].GetProperty("kind").GetString(), kept.GetProperty("answer")[0].GetProperty("text").GetString()));
        Assert.False(kept.GetProperty("request_cut").GetBoolean() || kept.GetProperty("answer_cut").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await screened.Tenant("other").GetAsync($"/v1/requests/{id}")).Status);
        var listed = (await tenant.GetAsync("/v1/requests?limit=100")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Contains(listed, one => one.GetProperty("id").GetString() == id && !one.TryGetProperty("request", out _));
    }

    [Fact]
    public async Task Of_a_tenant_that_does_not_want_it_nothing_is_kept()
    {
        var reply = (await screened.Tenant("other").ChatAsync("hello")).Ok();
        var logged = (await screened.Tenant("logged").ChatAsync("hello")).Ok();
        await KeptAsync(screened.Tenant("logged"), logged.DecisionId);
        Assert.Equal("request_not_found", (await screened.Tenant("other").GetAsync($"/v1/requests/{reply.DecisionId}")).Code);
        Assert.Empty((await screened.Tenant("other").GetAsync("/v1/requests")).Ok().Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_long_request_is_cut_and_pages_go_on_where_the_one_before_ended()
    {
        var tenant = screened.Tenant("logged");
        var reply = (await tenant.ChatAsync(new string('x', 5000))).Ok();
        var kept = await KeptAsync(tenant, reply.DecisionId);
        Assert.True(kept.GetProperty("request_cut").GetBoolean() && kept.GetProperty("answer_cut").GetBoolean());
        Assert.Equal(JsonValueKind.String, kept.GetProperty("request").ValueKind);
        Assert.Equal(2048, kept.GetProperty("answer")[0].GetProperty("text").GetString()!.Length);
        var second = (await tenant.ChatAsync("another")).Ok();
        await KeptAsync(tenant, second.DecisionId);
        var first = (await tenant.GetAsync("/v1/requests?limit=1")).Ok().Json;
        Assert.Equal((second.DecisionId, true), (first.GetProperty("data")[0].GetProperty("id").GetString(), first.GetProperty("has_more").GetBoolean()));
        var next = (await tenant.GetAsync($"/v1/requests?limit=1&after={first.GetProperty("next").GetString()}")).Ok().Json;
        Assert.NotEqual(second.DecisionId, next.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("invalid_value", (await tenant.GetAsync("/v1/requests?after=x")).Code);
    }

    [Fact]
    public async Task What_guardrails_block_is_kept_with_its_error()
    {
        var tenant = screened.Tenant("hold");
        var blocked = await tenant.ChatAsync("poison for order-12");
        var kept = await KeptAsync(tenant, blocked.DecisionId);
        Assert.Equal((400, "content_blocked", "poison for [redacted]"), (kept.GetProperty("status").GetInt32(), kept.GetProperty("error").GetString(), kept.GetProperty("answer")[0].GetProperty("text").GetString()));
        await tenant.ChatAsync("a bomb for order-13");
        var one = await Eventually.ReadAsync(
            "the request without a decision is kept",
            async () => (await tenant.GetAsync("/v1/requests?limit=100")).Ok().Json.GetProperty("data").EnumerateArray().FirstOrDefault(found => found.GetProperty("decision_id").ValueKind == JsonValueKind.Null),
            found => found.ValueKind == JsonValueKind.Object,
            _ => "");
        var whole = (await tenant.GetAsync($"/v1/requests/{one.GetProperty("id").GetString()}")).Ok().Json;
        Assert.Equal("a bomb for [redacted]", whole.GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString());
    }

    private static async Task<JsonElement> KeptAsync(Client tenant, string id) => (await Eventually.ReadAsync(
        "the request is kept", () => tenant.GetAsync($"/v1/requests/{id}"), reply => reply.Status == HttpStatusCode.OK, reply => reply.Text)).Json;
}
