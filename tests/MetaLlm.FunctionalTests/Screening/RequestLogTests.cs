using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task An_answer_to_a_similar_question_is_no_call_and_is_not_kept()
    {
        var tenant = screened.Tenant("logged");
        Task<Reply> AskAsync(string question) =>
            tenant.PostTextAsync("/v1/chat/completions", JsonSerializer.Serialize(new { model = "auto", temperature = 0, messages = new[] { new { role = "user", content = question } } }));
        (await AskAsync("Please tell me what the capital city of the country France is called today")).Ok();
        Assert.Equal("hit", (await AskAsync("Please tell me what the capital city of the country France is called now")).Ok().Headers["x-metallm-cache"]);
        var last = (await AskAsync("Write a poem about the sea and its colours")).Ok();

        // What is offered first is kept first.
        await KeptAsync(tenant, last.DecisionId);
        var listed = (await tenant.GetAsync("/v1/requests?limit=100")).Ok().Json.GetProperty("data").EnumerateArray();
        Assert.DoesNotContain(listed, one => one.GetProperty("id").GetString()!.StartsWith("req-", StringComparison.Ordinal));
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

    [Fact]
    public async Task What_is_older_than_a_tenant_wants_is_shown_to_nobody_and_goes_with_retention()
    {
        var (store, now) = (screened.Gateway.Services.GetRequiredService<IRequestLogStore>(), DateTimeOffset.UtcNow);
        await store.PutAsync([Old("logged", "old-1", now.AddDays(-31)), Old("logged", "new-1", now.AddDays(-29)), Old("gone", "old-2", now.AddDays(-31)), Old("gone", "new-2", now.AddDays(-29))], default);
        Assert.Equal(HttpStatusCode.NotFound, (await screened.Tenant("logged").GetAsync("/v1/requests/old-1")).Status);
        (await screened.Tenant("logged").GetAsync("/v1/requests/new-1")).Ok();
        (await Admin.GetAsync("/admin/v1/tenants/logged/requests/new-1")).Ok();
        Assert.Equal(2, (await Admin.PostTextAsync("/admin/v1/retention/run", "")).Ok().Json.GetProperty("requests").GetInt32());
        Assert.Null(await store.FindAsync("logged", "old-1", default));
        Assert.Null(await store.FindAsync("gone", "old-2", default));
        Assert.NotNull(await store.FindAsync("gone", "new-2", default));
    }

    [Fact]
    public async Task A_tenant_of_the_directory_says_what_is_looked_at_and_kept_and_takes_its_log_with_it()
    {
        var arm = TestConfiguration.Arm("echo", upstream: "scripted").ToJsonString();
        (await Admin.PostTextAsync("/admin/v1/tenants", $$$"""{"id":"made","arms":[{{{arm}}}],"guardrails":{"request":["hook"]},"requestLog":{"enabled":true}}""")).Ok();
        var wrong = await Admin.SendAsync("PATCH", "/admin/v1/tenants/made", """{"guardrails":{"answer":["nobody"]},"requestLog":{"redactPatterns":["(a)\\1"],"maxBytes":1}}""");
        Assert.Equal(["$.guardrails.answer[0]", "$.requestLog.maxBytes", "$.requestLog.redactPatterns[0]"], wrong.Error.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
        var key = (await Admin.PostTextAsync("/admin/v1/tenants/made/keys", "{}")).Ok().Json.GetProperty("key").GetString()!;
        var tenant = screened.Gateway.With(key);
        var reply = (await tenant.ChatAsync("my secret")).Ok();
        Assert.Contains("my [gone]", reply.Text, StringComparison.Ordinal);
        Assert.Equal("my [gone]", (await KeptAsync(tenant, reply.DecisionId)).GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString());
        (await Admin.SendAsync("DELETE", "/admin/v1/tenants/made")).Ok();
        Assert.DoesNotContain("made", await screened.Gateway.Services.GetRequiredService<IRequestLogStore>().ListTenantsAsync(default));
    }

    private Client Admin => screened.Gateway.With(TestConfiguration.AdminKey);

    private static LoggedRequest Old(string tenant, string id, DateTimeOffset at) => new()
    {
        Tenant = tenant,
        Id = id,
        CreatedAt = at,
        Head = $$"""{"object":"metallm.request","id":"{{id}}","created_at":"{{at:O}}","path":"/v1/chat/completions","model":null,"stream":false,"status":200,"error":null,"decision_id":null,"request_id":null,"key":null,"seconds":1}""",
        Body = """{"answer":[],"answer_cut":false}"""u8.ToArray(),
    };

    private static async Task<JsonElement> KeptAsync(Client tenant, string id) => (await Eventually.ReadAsync(
        "the request is kept", () => tenant.GetAsync($"/v1/requests/{id}"), reply => reply.Status == HttpStatusCode.OK, reply => reply.Text)).Json;
}
