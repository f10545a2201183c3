namespace MetaLlm.FunctionalTests.Feedback;

public sealed class FeedbackTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Path = "/v1/feedback";
    private readonly Client _client = fixture.Gateway.Alpha;

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"half\"")]
    public async Task A_weight_out_of_range_is_refused_by_name(string weight)
    {
        var id = (await _client.ChatAsync("Weigh me.")).Ok().DecisionId;
        var reply = await _client.PostTextAsync(Path, $"{{\"decision_id\": \"{id}\", \"reward\": 1, \"weight\": {weight}}}");
        Assert.Equal((HttpStatusCode.BadRequest, "weight"), (reply.Status, reply.Error.GetProperty("param").GetString()));
        Assert.Equal(JsonValueKind.Null, (await DecisionAsync(id)).GetProperty("reward").ValueKind);
    }

    [Fact]
    public async Task A_weight_is_kept_and_another_weight_is_other_content()
    {
        var id = (await _client.ChatAsync("Weigh me.")).Ok().DecisionId;
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1, weight = 0.5 }));
        Assert.Equal("duplicate", await StatusAsync(new { decision_id = id, reward = 1, weight = 0.5 }));
        Assert.Equal(0.5, (await DecisionAsync(id)).GetProperty("reward_weight").GetDouble());
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1 }));
        Assert.Equal(1, (await DecisionAsync(id)).GetProperty("reward_weight").GetDouble());
    }

    [Fact]
    public async Task Feedback_is_accepted_once_and_a_repetition_changes_nothing()
    {
        var id = await ChatAsync();
        var first = (await _client.PostAsync(Path, new { decision_id = id, reward = 0.75, idempotency_key = "k1" })).Ok().Json;
        Assert.Equal("accepted", first.GetProperty("status").GetString());
        var hash = await PolicyAsync("state_hash");

        var again = (await _client.PostAsync(Path, new { decision_id = id, reward = 0.75, idempotency_key = "k1" })).Ok().Json;
        Assert.Equal("duplicate", again.GetProperty("status").GetString());
        Assert.Equal(first.GetProperty("sequence").GetInt64(), again.GetProperty("sequence").GetInt64());
        Assert.Equal(hash, await PolicyAsync("state_hash"));
        Assert.Equal(0.75, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task The_id_of_the_answer_names_the_decision_too()
    {
        var id = await ChatAsync();
        (await _client.PostAsync(Path, new { id = "chatcmpl-" + id, reward = 1 })).Ok();
        Assert.Equal(1, (await DecisionAsync("chatcmpl-" + id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task Without_a_key_the_same_content_is_a_repetition_and_other_content_a_correction()
    {
        var id = await ChatAsync();
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 0 }));
        Assert.Equal("duplicate", await StatusAsync(new { decision_id = id, reward = 0 }));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1, label = "judge", comment = "right after all" }));
        var decision = await DecisionAsync(id);
        Assert.Equal(1, decision.GetProperty("reward").GetDouble());
        Assert.Equal(2, decision.GetProperty("feedback_count").GetInt32());
    }

    [Fact]
    public async Task A_reward_can_be_taken_back_and_given_again()
    {
        var id = await ChatAsync();
        var before = await PolicyAsync("arms");
        Assert.Equal("duplicate", await StatusAsync(new { decision_id = id, reward = (double?)null }));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1, weight = 0.5 }));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = (double?)null }));
        Assert.Equal("duplicate", await StatusAsync(new { decision_id = id, reward = (double?)null }));
        var decision = await DecisionAsync(id);
        Assert.Equal((JsonValueKind.Null, false), (decision.GetProperty("reward").ValueKind, decision.GetProperty("reward_defaulted").GetBoolean()));
        Assert.Equal(before, await PolicyAsync("arms"));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 0.25 }));
        Assert.Equal(0.25, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_a_conflict_and_nothing_is_recorded()
    {
        var id = await ChatAsync();
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1, idempotency_key = "k" }));
        var hash = await PolicyAsync("state_hash");
        foreach (var other in new object[]
        {
            new { decision_id = id, reward = 0, idempotency_key = "k" },
            new { decision_id = id, reward = 1, weight = 0.5, idempotency_key = "k" },
            new { decision_id = id, reward = 1, label = "l", idempotency_key = "k" },
            new { decision_id = id, reward = (double?)null, idempotency_key = "k" },
        })
        {
            var reply = await _client.PostAsync(Path, other);
            Assert.Equal((HttpStatusCode.Conflict, "idempotency_conflict"), (reply.Status, reply.Code));
            var receipts = (await _client.PostAsync(Path, new[] { other })).Ok().Json.GetProperty("data");
            Assert.Equal("idempotency_conflict", receipts[0].GetProperty("status").GetString());
        }

        Assert.Equal(hash, await PolicyAsync("state_hash"));
        Assert.Equal((1, 1), ((await DecisionAsync(id)).GetProperty("reward").GetInt32(), (await DecisionAsync(id)).GetProperty("feedback_count").GetInt32()));
    }

    [Fact]
    public async Task A_call_that_gave_no_answer_cannot_be_judged()
    {
        fixture.Gateway.Simulator.Faults.Add(new MetaLlm.Simulator.Faults.FaultRule { Kind = MetaLlm.Simulator.Faults.FaultKind.ServerError });
        var failed = await _client.ChatAsync("Fail, please.");
        fixture.Gateway.Simulator.Faults.Clear();
        Assert.Equal(HttpStatusCode.BadGateway, failed.Status);
        var reply = await _client.PostAsync(Path, new { decision_id = failed.DecisionId, reward = 1 });
        Assert.Equal((HttpStatusCode.Conflict, "never_ran"), (reply.Status, reply.Code));
        var answered = await ChatAsync();
        var receipts = (await _client.PostAsync(Path, new[] { new { decision_id = failed.DecisionId, reward = 1 }, new { decision_id = answered, reward = 1 } })).Ok().Json;
        Assert.Equal(["never_ran", "accepted"], receipts.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Null, (await DecisionAsync(failed.DecisionId)).GetProperty("reward").ValueKind);
    }

    [Fact]
    public async Task Up_down_up_without_a_key_ends_up()
    {
        var id = await ChatAsync();
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1 }));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 0 }));
        Assert.Equal("accepted", await StatusAsync(new { decision_id = id, reward = 1 }));
        Assert.Equal("duplicate", await StatusAsync(new { decision_id = id, reward = 1 }));
        Assert.Equal(1, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task A_batch_without_keys_posted_again_changes_nothing()
    {
        var id = await ChatAsync();
        var batch = new object[] { new { decision_id = id, reward = 0.2 }, new { decision_id = id, reward = 0.4 } };
        (await _client.PostAsync(Path, batch)).Ok();
        var hash = await PolicyAsync("state_hash");

        var receipts = (await _client.PostAsync(Path, batch)).Ok().Json.GetProperty("data").EnumerateArray();

        Assert.All(receipts, r => Assert.Equal("duplicate", r.GetProperty("status").GetString()));
        Assert.Equal(hash, await PolicyAsync("state_hash"));
        Assert.Equal(0.4, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Theory]
    [InlineData("unkeyed:7")]
    [InlineData("a\0b")]
    public async Task A_key_that_no_journal_can_keep_is_refused_by_name(string key)
    {
        var id = await ChatAsync();
        var reply = await _client.PostAsync(Path, new { decision_id = id, reward = 1, idempotency_key = key });
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency_key"), (reply.Status, reply.Error.GetProperty("param").GetString()));
        Assert.Equal(JsonValueKind.Null, (await DecisionAsync(id)).GetProperty("reward").ValueKind);
    }

    [Fact]
    public async Task The_header_serves_as_key()
    {
        var id = await ChatAsync();
        Assert.Equal("accepted", (await _client.PostAsync(Path, new { decision_id = id, reward = 0.1 }, ("Idempotency-Key", "h"))).Ok().Json.GetProperty("status").GetString());
        Assert.Equal("duplicate", (await _client.PostAsync(Path, new { decision_id = id, reward = 0.1 }, ("Idempotency-Key", "h"))).Ok().Json.GetProperty("status").GetString());
        Assert.Equal("idempotency_conflict", (await _client.PostAsync(Path, new { decision_id = id, reward = 0.9 }, ("Idempotency-Key", "h"))).Code);
        var clash = await _client.PostAsync(Path, new { decision_id = id, reward = 0.9, idempotency_key = "other" }, ("Idempotency-Key", "h"));
        Assert.Equal(HttpStatusCode.BadRequest, clash.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_gets_a_receipt_for_every_item(bool wrapped)
    {
        var (one, two) = (await ChatAsync(), await ChatAsync());
        var items = new object[] { new { decision_id = one, reward = 1 }, new { decision_id = "dec-unknown", reward = 1 }, new { decision_id = two, reward = 0.5 }, new { decision_id = one, reward = 1 } };
        var receipts = (await _client.PostAsync(Path, wrapped ? new { items } : items)).Ok().Json.GetProperty("data").EnumerateArray()
            .Select(r => r.GetProperty("status").GetString());
        Assert.Equal(["accepted", "unknown_decision", "accepted", "duplicate"], receipts);
    }

    [Fact]
    public async Task A_batch_with_one_bad_item_is_refused_whole()
    {
        var id = await ChatAsync();
        var events = await PolicyAsync("events_applied");
        var reply = await _client.PostAsync(Path, new object[] { new { decision_id = id, reward = 1 }, new { decision_id = id, reward = 1.01 } });
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("[1].reward", reply.Error.GetProperty("param").GetString());
        Assert.Equal(JsonValueKind.Null, (await DecisionAsync(id)).GetProperty("reward").ValueKind);
        Assert.Equal(events, await PolicyAsync("events_applied"));
    }

    [Fact]
    public async Task A_batch_posted_again_under_the_same_header_changes_nothing()
    {
        var id = await ChatAsync();
        var batch = new object[] { new { decision_id = id, reward = 0.2 }, new { decision_id = id, reward = 0.4 } };
        (await _client.PostAsync(Path, batch, ("Idempotency-Key", "batch-1"))).Ok();
        var receipts = (await _client.PostAsync(Path, batch, ("Idempotency-Key", "batch-1"))).Ok().Json.GetProperty("data").EnumerateArray();
        Assert.All(receipts, r => Assert.Equal("duplicate", r.GetProperty("status").GetString()));
        Assert.Equal(0.4, (await DecisionAsync(id)).GetProperty("reward").GetDouble());
    }

    [Fact]
    public async Task Feedback_on_what_never_was_is_not_found()
    {
        var reply = await _client.PostAsync(Path, new { decision_id = "dec-9-none", reward = 1 });
        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("decision_not_found", reply.Code);
    }

    [Fact]
    public async Task Rewards_reach_the_arm_that_served()
    {
        var reply = (await _client.ChatAsync("x", "sim-coder")).Ok();
        var before = await ArmAsync("sim-coder");
        (await _client.PostAsync(Path, new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        var after = await ArmAsync("sim-coder");
        Assert.Equal(before.GetProperty("rewards").GetInt64() + 1, after.GetProperty("rewards").GetInt64());
        Assert.True(after.GetProperty("spend_usd").GetDouble() > 0);
    }

    private async Task<string> ChatAsync() => (await _client.ChatAsync("Say something.")).Ok().DecisionId;

    private async Task<JsonElement> DecisionAsync(string id) => (await _client.GetAsync($"/v1/decisions/{id}")).Ok().Json;

    private async Task<string> PolicyAsync(string field) => (await _client.GetAsync("/v1/policy")).Ok().Json.GetProperty(field).ToString();

    private async Task<JsonElement> ArmAsync(string arm) => (await _client.GetAsync("/v1/policy")).Ok().Json
        .GetProperty("arms").EnumerateArray().Single(m => m.GetProperty("id").GetString() == arm);

    private async Task<string?> StatusAsync(object body) => (await _client.PostAsync(Path, body)).Ok().Json.GetProperty("status").GetString();
}
