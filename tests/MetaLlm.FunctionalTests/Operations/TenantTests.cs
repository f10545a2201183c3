namespace MetaLlm.FunctionalTests.Operations;

public sealed class TenantTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Another_tenants_decision_does_not_exist()
    {
        var id = (await _gateway.Alpha.ChatAsync("Mine.")).Ok().DecisionId;
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Beta.GetAsync($"/v1/decisions/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Beta.PostAsync("/v1/feedback", new { decision_id = id, reward = 1 })).Status);
        Assert.Equal(JsonValueKind.Null, (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("reward").ValueKind);
    }

    [Fact]
    public async Task One_tenants_traffic_leaves_anothers_policy_alone()
    {
        var before = (await _gateway.Beta.GetAsync("/v1/policy")).Ok().Text;
        var reply = (await _gateway.Alpha.ChatAsync("Mine.")).Ok();
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        Assert.Equal(before, (await _gateway.Beta.GetAsync("/v1/policy")).Ok().Text);
    }

    [Theory]
    [InlineData(null, "missing_api_key")]
    [InlineData("", "invalid_api_key")]
    [InlineData("wrong", "invalid_api_key")]
    [InlineData("anonymous", "invalid_api_key")]
    public async Task Without_a_known_key_nothing_is_served(string? key, string code)
    {
        foreach (var path in new[] { "/v1/models", "/v1/policy", "/v1/decisions/x" })
        {
            var reply = await (key is null ? _gateway.Nobody : _gateway.With(key)).GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
            Assert.Equal(key is "" && reply.Code == "missing_api_key" ? "missing_api_key" : code, reply.Code);
            Assert.Equal("Bearer", reply.Headers["WWW-Authenticate"]);
        }
    }

    [Fact]
    public async Task An_anonymous_tenant_needs_no_key_but_refuses_a_wrong_one()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["anonymousTenant"] = "beta";
        await using var gateway = await RunningGateway.StartAsync(configuration);
        Assert.Equal("beta", (await gateway.Nobody.GetAsync("/v1/policy")).Ok().Json.GetProperty("tenant").GetString());
        Assert.Equal("beta", (await gateway.With("anonymous").GetAsync("/v1/policy")).Ok().Json.GetProperty("tenant").GetString());
        Assert.Equal("alpha", (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("tenant").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.With("wrong").GetAsync("/v1/policy")).Status);
    }

    [Fact]
    public async Task A_hard_cap_is_a_payment_error_that_names_every_arm()
    {
        var configuration = TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new System.Text.Json.Nodes.JsonObject { ["hardCapUsd"] = 0.002 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        Reply reply;
        var served = 0;
        while ((reply = await gateway.Alpha.ChatAsync("Spend.")).Status == HttpStatusCode.OK)
        {
            Assert.True(++served < 200, "The cap never held.");
        }

        Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
        Assert.Equal("hard_cap_reached", reply.Code);
        Assert.All(TestConfiguration.Arms, arm => Assert.Contains(arm, reply.Message, StringComparison.Ordinal));
        Assert.InRange((await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble(), 0, 0.002);
        (await gateway.Beta.ChatAsync("I may.")).Ok();
    }

    [Fact]
    public async Task A_request_cap_below_every_price_is_the_requests_fault()
    {
        var reply = await _gateway.Alpha.ChatAsync("x", "auto", ("x-metallm-max-cost-usd", "0.000000001"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
        Assert.Equal("max_cost_too_low", reply.Code);
    }
}
