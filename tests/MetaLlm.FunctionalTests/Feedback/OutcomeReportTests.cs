namespace MetaLlm.FunctionalTests.Feedback;

/// <summary>What a call of the gateway cost is the gateway's to say; what a caller's own call cost is the caller's.</summary>
public sealed class OutcomeReportTests : IAsyncLifetime
{
    private const string Path = "/v1/feedback";
    private RunningGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync(TestConfiguration.Create(timeScale: 0.05));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_client_cannot_settle_the_call_that_the_gateway_is_making()
    {
        var body = new { model = "sim-coder", stream = true, messages = new[] { new { role = "user", content = _gateway.Simulator.Catalog.Tasks[0].Prompt } } };
        using var response = await _gateway.Alpha.StreamAsync(body);
        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        var reply = await _gateway.Alpha.PostAsync(Path, new { decision_id = id, reward = 1, cost_usd = 0 });
        Assert.Equal((HttpStatusCode.Conflict, "outcome_not_reportable"), (reply.Status, reply.Code));
        Assert.Equal("cost_usd", reply.Error.GetProperty("param").GetString());

        Assert.Equal("[DONE]", (await EventStream.ReadAsync(response))[^1]);
        var decision = await DecisionAsync(id);
        Assert.True(decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble() > 0, decision.ToString());
        Assert.Equal(JsonValueKind.Null, decision.GetProperty("reward").ValueKind);
        Assert.True((await PolicyAsync()).GetProperty("spend_usd").GetDouble() > 0);
    }

    [Theory]
    [InlineData("""{"reward":1,"usage":{"prompt_tokens":0,"completion_tokens":0}}""", "usage")]
    [InlineData("""{"reward":1,"latency_ms":5}""", "latency_ms")]
    [InlineData("""{"reward":1,"cost_usd":0,"latency_ms":5}""", "cost_usd")]
    public async Task Every_kind_of_outcome_is_refused_and_nothing_of_the_feedback_is_taken(string feedback, string field)
    {
        var id = (await _gateway.Alpha.ChatAsync("x")).Ok().DecisionId;
        var before = (await PolicyAsync()).ToString();
        var reply = await _gateway.Alpha.PostTextAsync(Path, $"{{\"decision_id\":\"{id}\",{feedback[1..]}");
        Assert.Equal((HttpStatusCode.Conflict, "outcome_not_reportable"), (reply.Status, reply.Code));
        Assert.Equal(field, reply.Error.GetProperty("param").GetString());
        Assert.Equal(before, (await PolicyAsync()).ToString());

        (await _gateway.Alpha.PostAsync(Path, new { decision_id = id, reward = 1 })).Ok();
        Assert.Equal(1, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task In_a_batch_such_an_item_has_its_status_and_the_others_are_taken()
    {
        var called = (await _gateway.Alpha.ChatAsync("x")).Ok().DecisionId;
        var routed = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("x"))).Ok().DecisionId;
        var receipts = (await _gateway.Alpha.PostAsync(Path, new object[]
        {
            new { decision_id = called, reward = 1, cost_usd = 0 },
            new { decision_id = routed, reward = 1, cost_usd = 0.25 },
            new { decision_id = "dec-unknown", reward = 1, cost_usd = 0.25 },
            new { decision_id = called, reward = 0.5 },
        })).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(
            ["outcome_not_reportable", "accepted", "unknown_decision", "accepted"], receipts.Select(r => r.GetProperty("status").GetString()));
        Assert.Equal([called, routed, "dec-unknown", called], receipts.Select(r => r.GetProperty("decision_id").GetString()));
        Assert.Equal(JsonValueKind.Null, receipts[0].GetProperty("sequence").ValueKind);
        Assert.Equal(0.5, (await DecisionAsync(called)).GetProperty("reward").GetDouble());
        Assert.Equal(0.25, (await DecisionAsync(routed)).GetProperty("settlement").GetProperty("cost_usd").GetDouble());
    }

    [Fact]
    public async Task A_batch_of_such_items_alone_is_answered_too()
    {
        var id = (await _gateway.Alpha.ChatAsync("x")).Ok().DecisionId;
        var receipts = (await _gateway.Alpha.PostAsync(Path, new[] { new { decision_id = id, reward = 1, cost_usd = 0 } })).Ok().Json.GetProperty("data");
        Assert.Equal("outcome_not_reportable", receipts[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_call_of_the_gateway_is_known_as_one_after_a_restart()
    {
        var id = (await _gateway.Alpha.ChatAsync("x")).Ok().DecisionId;
        var directory = _gateway.Directory;
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(TestConfiguration.Create(timeScale: 0.05), directory: directory);
        Assert.Equal("outcome_not_reportable", (await _gateway.Alpha.PostAsync(Path, new { decision_id = id, reward = 1, cost_usd = 0 })).Code);
    }

    [Fact]
    public async Task A_second_report_changes_nothing()
    {
        var id = (await _gateway.Alpha.PostAsync("/v1/route", Client.Chat("x"))).Ok().DecisionId;
        foreach (var cost in new[] { 0.25, 0.75 })
        {
            (await _gateway.Alpha.PostAsync(Path, new { decision_id = id, reward = 1, cost_usd = cost })).Ok();
            Assert.Equal(0.25, (await DecisionAsync(id)).GetProperty("settlement").GetProperty("cost_usd").GetDouble());
        }
    }

    private async Task<JsonElement> DecisionAsync(string id) => (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json;

    private async Task<JsonElement> PolicyAsync() => (await _gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
}
