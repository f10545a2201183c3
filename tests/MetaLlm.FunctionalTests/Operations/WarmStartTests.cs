using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class WarmStartTests : IAsyncLifetime
{
    private const string Path = "/v1/tenants/alpha/warm-start";
    private const string Json = "application/x-ndjson";

    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        configuration["MetaLlm"]!["limits"]!["warmStartRows"] = 64;
        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_tenant_prefers_from_its_first_request_on_what_it_was_taught()
    {
        var reply = (await Admin.PostTextAsync(Path, Lines(48), Json)).Ok().Json;
        Assert.Equal(("accepted", 48), (reply.GetProperty("status").GetString(), reply.GetProperty("rows").GetInt32()));
        Assert.Equal(48, (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("warm_start_rows").GetInt32());
        Assert.Equal(0, (await _gateway.Beta.GetAsync("/v1/policy")).Ok().Json.GetProperty("warm_start_rows").GetInt32());

        var route = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("Question 3 about coding."))).Ok().Json;
        Assert.Equal("sim-coder", route.GetProperty("greedy_arm").GetString());
    }

    [Fact]
    public async Task The_same_lines_again_are_a_duplicate()
    {
        (await Admin.PostTextAsync(Path, Lines(16), Json)).Ok();
        Assert.Equal("duplicate", (await Admin.PostTextAsync(Path, Lines(16), "application/jsonl; charset=utf-8")).Ok().Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_the_admin_key_teaches_and_only_a_tenant_that_is_there()
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "missing_api_key"), Error(await _gateway.Nobody.PostTextAsync(Path, Lines(16), Json)));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), Error(await _gateway.Alpha.PostTextAsync(Path, Lines(16), Json)));
        Assert.Equal((HttpStatusCode.NotFound, "tenant_not_found"), Error(await Admin.PostTextAsync("/v1/tenants/nobody/warm-start", Lines(16), Json)));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), Error(await Admin.GetAsync("/v1/policy")));
        await using var closed = await RunningGateway.StartAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "management_disabled"), Error(await closed.With(TestConfiguration.AdminKey).PostTextAsync(Path, Lines(16), Json)));
    }

    [Theory]
    [InlineData("", "body", "has 0 lines; 8 to 64")]
    [InlineData("{}", "line 1.query", "is missing")]
    [InlineData("\n{\"query\":\"q\"}", "line 2.outcomes", "is missing")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"sim-nano\":{\"reward\":2}}}", "line 1.outcomes.sim-nano.reward", "from 0 to 1")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"sim-nano\":{\"reward\":1}}}", "line 1.outcomes.sim-nano.output_tokens", "'cost_usd'")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"sim-nano\":{\"reward\":1,\"cost_usd\":0}}}", "line 1.outcomes.sim-lingo", "is missing")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"gpt\":{\"reward\":1}}}", "line 1.outcomes.gpt", "is not known")]
    [InlineData("{\"query\":\"q\",\"outcome\":{}}", "line 1.outcome", "is not known")]
    public async Task A_bad_line_is_refused_by_number_and_field(string body, string field, string problem)
    {
        var reply = await Admin.PostTextAsync(Path, body, Json);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), Error(reply));
        Assert.Contains($"'{field}'", reply.Message, StringComparison.Ordinal);
        Assert.Contains(problem, reply.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("warm_start_rows").GetInt32());
    }

    [Fact]
    public async Task Too_many_lines_broken_json_and_other_media_types_are_refused()
    {
        Assert.Contains("more than 64 lines", (await Admin.PostTextAsync(Path, Lines(65), Json)).Message, StringComparison.Ordinal);
        var broken = await Admin.PostTextAsync(Path, Lines(10) + "\n{\"query\":", Json);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), Error(broken));
        Assert.Contains("line 11", broken.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type"), Error(await Admin.PostTextAsync(Path, Lines(16))));
    }

    private static (HttpStatusCode Status, string? Code) Error(Reply reply) => (reply.Status, reply.Code);

    // The third model is always right and the others never; one line knows the tokens, the next one the cost.
    private static string Lines(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new
    {
        query = $"Question {i} about {(i % 2 == 0 ? "coding" : "poems")}.",
        task = i % 3 == 0 ? "test" : null,
        outcomes = TestConfiguration.Arms.ToDictionary(
            arm => arm,
            arm => i % 2 == 0
                ? (object)new { reward = arm == "sim-coder" ? 1 : 0, output_tokens = 40, latency_ms = 800 }
                : new { reward = arm == "sim-coder" ? 1 : 0, cost_usd = 0.0001 }),
    })));
}
