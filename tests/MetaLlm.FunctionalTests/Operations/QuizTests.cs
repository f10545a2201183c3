using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class QuizTests : IAsyncLifetime
{
    private const string Path = "/v1/tenants/alpha/arms/sim-coder/quiz";
    private const string Json = "application/x-ndjson";

    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_model_that_was_asked_is_preferred_where_it_answered_well_and_all_else_stays()
    {
        var before = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        var reply = (await Admin.PostTextAsync(Path, Lines(40), Json)).Ok().Json;
        Assert.Equal(("metallm.quiz", "accepted", 40), (reply.GetProperty("object").GetString(), reply.GetProperty("status").GetString(), reply.GetProperty("quiz_rows").GetInt32()));

        var after = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(before.GetProperty("feature_schema").GetString(), after.GetProperty("feature_schema").GetString());
        Assert.Equal(0, after.GetProperty("warm_start_rows").GetInt32());
        Assert.Equal(40, after.GetProperty("arms").EnumerateArray().Sum(a => a.GetProperty("quiz_rows").GetInt32()));
        Assert.Equal(40, after.GetProperty("arms").EnumerateArray().Single(a => a.GetProperty("id").GetString() == "sim-coder").GetProperty("quiz_rows").GetInt32());
        Assert.Equal(0, (await _gateway.Beta.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray().Sum(a => a.GetProperty("quiz_rows").GetInt32()));

        var route = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("Question 3 about coding."))).Ok().Json;
        var qualities = route.GetProperty("arms").EnumerateArray().ToDictionary(a => a.GetProperty("id").GetString()!, a => a.GetProperty("quality").GetDouble());
        Assert.All(qualities.Where(q => q.Key != "sim-coder"), q => Assert.True(qualities["sim-coder"] > q.Value));
    }

    [Fact]
    public async Task The_same_lines_again_are_a_duplicate_and_others_add_up()
    {
        (await Admin.PostTextAsync(Path, Lines(16), Json)).Ok();
        Assert.Equal("duplicate", (await Admin.PostTextAsync(Path, Lines(16), "application/jsonl; charset=utf-8")).Ok().Json.GetProperty("status").GetString());
        Assert.Equal(25, (await Admin.PostTextAsync(Path, Lines(9), Json)).Ok().Json.GetProperty("quiz_rows").GetInt32());
        Assert.Equal("duplicate", (await Admin.PostTextAsync(Path, Lines(16), Json)).Ok().Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_the_admin_key_asks_and_only_a_model_that_is_there()
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "missing_api_key"), Error(await _gateway.Nobody.PostTextAsync(Path, Lines(2), Json)));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), Error(await _gateway.Alpha.PostTextAsync(Path, Lines(2), Json)));
        Assert.Equal((HttpStatusCode.NotFound, "tenant_not_found"), Error(await Admin.PostTextAsync("/v1/tenants/nobody/arms/sim-coder/quiz", Lines(2), Json)));
        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), Error(await Admin.PostTextAsync("/v1/tenants/alpha/arms/gpt/quiz", Lines(2), Json)));
        await using var closed = await RunningGateway.StartAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "management_disabled"), Error(await closed.With(TestConfiguration.AdminKey).PostTextAsync(Path, Lines(2), Json)));
    }

    [Theory]
    [InlineData("", "body", "has 0 lines; 1 to 500")]
    [InlineData("{}", "line 1.query", "is missing")]
    [InlineData("\n{\"query\":\"q\"}", "line 2.outcomes", "of 'sim-coder'")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{}}", "line 1.outcomes.sim-coder", "the model that is asked")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"sim-coder\":{\"reward\":2}}}", "line 1.outcomes.sim-coder.reward", "from 0 to 1")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"sim-coder\":{\"reward\":1,\"cost_usd\":0},\"sim-nano\":{\"cost_usd\":0}}}", "line 1.outcomes.sim-nano.reward", "is missing")]
    [InlineData("{\"query\":\"q\",\"outcomes\":{\"gpt\":{\"reward\":1}}}", "line 1.outcomes.gpt", "is not known")]
    public async Task A_bad_line_is_refused_by_number_and_field(string body, string field, string problem)
    {
        var reply = await Admin.PostTextAsync(Path, body, Json);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), Error(reply));
        Assert.Contains($"'{field}'", reply.Message, StringComparison.Ordinal);
        Assert.Contains(problem, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_lines_broken_json_and_other_media_types_are_refused()
    {
        Assert.Contains("more than 500 lines", (await Admin.PostTextAsync(Path, Lines(501), Json)).Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), Error(await Admin.PostTextAsync(Path, Lines(3) + "\n{\"query\":", Json)));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type"), Error(await Admin.PostTextAsync(Path, Lines(3))));
    }

    private static (HttpStatusCode Status, string? Code) Error(Reply reply) => (reply.Status, reply.Code);

    // The model that is asked is always right; of every other line the answer of another one is known, which is wrong.
    private static string Lines(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i =>
    {
        var outcomes = new Dictionary<string, object> { ["sim-coder"] = new { reward = 1, output_tokens = 40, latency_ms = 800 } };
        if (i % 2 == 0)
        {
            outcomes["sim-nano"] = new { reward = 0, cost_usd = 0.0001 };
        }

        return JsonSerializer.Serialize(new { query = $"Question {i} about {(i % 2 == 0 ? "coding" : "poems")}.", task = i % 3 == 0 ? "test" : null, outcomes });
    }));
}
