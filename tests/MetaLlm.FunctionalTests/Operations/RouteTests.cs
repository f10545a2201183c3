namespace MetaLlm.FunctionalTests.Operations;

public sealed class RouteTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task A_decision_alone_calls_nobody_and_explains_itself()
    {
        var before = _gateway.Simulator.Stats.Snapshot().Sum(s => s.Requests);
        var reply = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("Which one?"))).Ok();
        var models = reply.Json.GetProperty("arms").EnumerateArray().ToList();

        Assert.Equal(before, _gateway.Simulator.Stats.Snapshot().Sum(s => s.Requests));
        Assert.Equal(reply.Model, reply.Json.GetProperty("model").GetString());
        Assert.Equal(TestConfiguration.Arms, models.Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(1, models.Sum(m => m.GetProperty("propensity").GetDouble()), 9);
        Assert.All(models, m => Assert.True(m.GetProperty("cost_usd").GetDouble() > 0));
        Assert.Equal(
            reply.Json.GetProperty("propensity").GetDouble(),
            models.Single(m => m.GetProperty("id").GetString() == reply.Model).GetProperty("propensity").GetDouble());
    }

    [Fact]
    public async Task An_outcome_reported_later_settles_the_decision_once()
    {
        var id = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("Which one?"))).Ok().DecisionId;
        Assert.Equal(JsonValueKind.Null, (await DecisionAsync(id)).GetProperty("settlement").ValueKind);

        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.9, usage = new { prompt_tokens = 100, completion_tokens = 50 }, latency_ms = 1500 })).Ok();
        var settlement = (await DecisionAsync(id)).GetProperty("settlement");
        Assert.Equal(100, settlement.GetProperty("prompt_tokens").GetDouble());
        Assert.Equal(0.0002, settlement.GetProperty("cost_usd").GetDouble(), 12);
        Assert.Equal(1.5, settlement.GetProperty("latency_seconds").GetDouble(), 9);

        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.8, cost_usd = 99 })).Ok();
        Assert.Equal(0.0002, (await DecisionAsync(id)).GetProperty("settlement").GetProperty("cost_usd").GetDouble(), 12);
    }

    [Fact]
    public async Task A_cost_without_a_count_is_taken_as_it_is()
    {
        var id = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("Which one?"))).Ok().DecisionId;
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.9, cost_usd = 0.001 })).Ok();
        var settlement = (await DecisionAsync(id)).GetProperty("settlement");
        Assert.Equal(0.001, settlement.GetProperty("cost_usd").GetDouble());
        Assert.InRange(settlement.GetProperty("completion_tokens").GetDouble(), 480, 500);
    }

    private async Task<JsonElement> DecisionAsync(string id) => (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json;
}
