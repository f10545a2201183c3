namespace MetaLlm.FunctionalTests.Operations;

public sealed class OperationsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Models_are_listed_as_openai_lists_them()
    {
        var list = (await _gateway.Alpha.GetAsync("/v1/models")).Ok().Json;
        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(["auto", .. TestConfiguration.Arms], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal("sim-nano", (await _gateway.Alpha.GetAsync("/v1/models/sim-nano")).Ok().Json.GetProperty("id").GetString());
        Assert.Equal("auto", (await _gateway.Alpha.GetAsync("/v1/models/metallm/auto")).Ok().Json.GetProperty("id").GetString());
        Assert.Equal("model_not_found", (await _gateway.Alpha.GetAsync("/v1/models/gpt")).Code);
    }

    [Fact]
    public async Task Health_is_open_to_all()
    {
        Assert.Equal("live", (await _gateway.Nobody.GetAsync("/health/live")).Ok().Json.GetProperty("status").GetString());
        Assert.Equal("ready", (await _gateway.Nobody.GetAsync("/health/ready")).Ok().Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_policy_report_adds_up()
    {
        var reply = (await _gateway.Alpha.ChatAsync("Say something.")).Ok();
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        var policy = (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        var models = policy.GetProperty("arms").EnumerateArray().ToList();
        Assert.Equal(policy.GetProperty("decisions").GetInt64(), models.Sum(m => m.GetProperty("pulls").GetInt64()));
        Assert.Equal(policy.GetProperty("spend_usd").GetDouble(), models.Sum(m => m.GetProperty("spend_usd").GetDouble()), 12);
        Assert.Equal(0, policy.GetProperty("reserved_usd").GetDouble(), 12);
        Assert.Matches("^[0-9a-f]{64}$", policy.GetProperty("state_hash").GetString());
    }
}
