using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class CorsTests
{
    private const string Page = "https://app.example.com";
    private const string Chat = "/v1/chat/completions";

    [Fact]
    public async Task A_page_of_a_named_origin_may_call_and_reads_answers_and_errors()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration(new JsonObject { ["origins"] = new JsonArray(Page) }));
        var preflight = await AskAsync(gateway.Nobody, Chat, Page, "POST", "authorization, content-type, x-stainless-lang");
        Assert.Equal((HttpStatusCode.NoContent, Page, "600"), (preflight.Status, preflight.Headers["Access-Control-Allow-Origin"], preflight.Headers["Access-Control-Max-Age"]));
        Assert.Contains("POST", preflight.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.Contains("x-stainless-lang", preflight.Headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);
        Assert.False(preflight.Headers.ContainsKey("Access-Control-Allow-Credentials"));

        var answer = (await gateway.Alpha.ChatAsync("Hello.", headers: ("Origin", Page))).Ok();
        Assert.Equal(Page, answer.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("x-metallm-decision-id", answer.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
        Assert.Contains("Origin", answer.Headers["Vary"], StringComparison.Ordinal);
        foreach (var refused in (Reply[])[await gateway.Nobody.ChatAsync("Hello.", headers: ("Origin", Page)), await gateway.Alpha.ChatAsync("Hello.", "none", ("Origin", Page)), await gateway.Alpha.SendAsync("GET", "/v1/nothing", null, ("Origin", Page))])
        {
            Assert.NotEqual(HttpStatusCode.OK, refused.Status);
            Assert.Equal(Page, refused.Headers["Access-Control-Allow-Origin"]);
        }

        Assert.False((await gateway.Alpha.ChatAsync("Hello.")).Ok().Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Other_pages_and_management_are_told_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration(new JsonObject { ["origins"] = new JsonArray(Page), ["headers"] = new JsonArray("authorization"), ["methods"] = new JsonArray("GET") }));
        AssertSilent(await AskAsync(gateway.Nobody, Chat, "https://evil.example.com", "POST"));
        AssertSilent(await gateway.Alpha.ChatAsync("Hello.", headers: ("Origin", "https://evil.example.com")));
        foreach (var path in (string[])["/admin/v1/tenants", "/v1/tenants/alpha/relearn", "/metrics", "/openapi/v1.json", "/v1tenants"])
        {
            AssertSilent(await AskAsync(gateway.Nobody, path, Page, "GET"));
            AssertSilent(await gateway.With(TestConfiguration.AdminKey).SendAsync("GET", path, null, ("Origin", Page)));
        }

        var narrow = await AskAsync(gateway.Nobody, Chat, Page, "POST", "x-other");
        Assert.DoesNotContain("POST", narrow.Headers.GetValueOrDefault("Access-Control-Allow-Methods", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("x-other", narrow.Headers.GetValueOrDefault("Access-Control-Allow-Headers", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_origins_no_page_may_call()
    {
        await using var gateway = await RunningGateway.StartAsync();
        AssertSilent(await AskAsync(gateway.Nobody, Chat, Page, "POST"));
        AssertSilent((await gateway.Alpha.ChatAsync("Hello.", headers: ("Origin", Page))).Ok());
    }

    private static JsonObject Configuration(JsonObject cors)
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["cors"] = cors;
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        return configuration;
    }

    private static Task<Reply> AskAsync(Client client, string path, string origin, string method, string headers = "authorization") => client.SendAsync(
        "OPTIONS", path, null, ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    private static void AssertSilent(Reply reply) => Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
}
