using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Rollout;

/// <summary>A challenger from its naming to its promotion and back, over HTTP.</summary>
public sealed class ChallengerTests : IAsyncLifetime
{
    private const string Tenant = "/admin/v1/tenants/acme";
    private const string Challenger = $"{Tenant}/challenger";
    private const string Good = "sim-lingo";

    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync(SignUp.Configuration("beta"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_challenger_is_promoted_where_the_log_says_that_it_is_better_and_rolled_back()
    {
        var document = SignUp.Document("acme", "sim-nano", Good);
        (document["policy"], document["seed"]) = ("random", 7);
        (await Admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString())).Ok();
        var acme = _gateway.With((await SignUp.KeyAsync(Admin, "acme")).Key);
        Assert.Equal(("challenger_not_found", "nothing_to_roll_back"), ((await Admin.SendAsync("POST", $"{Challenger}/promote")).Code, (await Admin.SendAsync("POST", $"{Challenger}/rollback")).Code));

        await TalkAsync(acme, 10);
        (await Admin.SendAsync("PUT", Challenger, """{"policy":"best-single","leastDecisions":60,"leastEffective":20}""")).Ok();
        var shut = (await Admin.GetAsync(Challenger)).Ok().Json;
        Assert.Equal(("random", "best-single", false), (shut.GetProperty("champion").GetProperty("policy").GetString(), shut.GetProperty("challenger").GetProperty("policy").GetString(), shut.GetProperty("open").GetBoolean()));
        Assert.Contains(shut.GetProperty("reasons").EnumerateArray(), reason => reason.GetString() == "It needs 50 more decisions with feedback: 10 of 60 are there.");
        var refused = await Admin.SendAsync("POST", $"{Challenger}/promote");
        Assert.Equal((409, "gate_shut"), ((int)refused.Status, refused.Code));
        Assert.Contains("50 more decisions", refused.Text, StringComparison.Ordinal);

        await TalkAsync(acme, 110);

        // Another question than the last look's, which holds for an hour: the log is looked at anew.
        (await Admin.SendAsync("PUT", Challenger, """{"policy":"best-single","leastDecisions":60,"leastEffective":20,"feedbackHours":12}""")).Ok();
        var open = (await Admin.GetAsync(Challenger)).Ok().Json;
        Assert.True(open.GetProperty("open").GetBoolean(), open.GetRawText());
        var evidence = open.GetProperty("evidence");
        Assert.Equal(120, evidence.GetProperty("counted").GetInt32());
        Assert.InRange(evidence.GetProperty("difference").GetProperty("low").GetDouble(), 0.01, evidence.GetProperty("difference").GetProperty("mean").GetDouble());

        var promoted = (await Admin.SendAsync("POST", $"{Challenger}/promote")).Ok().Json;
        Assert.Equal(("best-single", "random"), (promoted.GetProperty("champion").GetProperty("policy").GetString(), promoted.GetProperty("replaced").GetProperty("policy").GetString()));
        Assert.Equal(JsonValueKind.Null, promoted.GetProperty("challenger").ValueKind);
        for (var i = 0; i < 10; i++)
        {
            // It knows from the first request on what the log has shown.
            Assert.Equal(Good, (await acme.ChatAsync($"And now, {i}?")).Ok().Model);
        }

        var back = (await Admin.SendAsync("POST", $"{Challenger}/rollback")).Ok().Json;
        Assert.Equal(("random", JsonValueKind.Null), (back.GetProperty("champion").GetProperty("policy").GetString(), back.GetProperty("replaced").ValueKind));
        var models = new HashSet<string?>();
        for (var i = 0; i < 20; i++)
        {
            models.Add((await acme.ChatAsync($"And then, {i}?")).Ok().Model);
        }

        Assert.Equal(2, models.Count);
        Assert.Equal("nothing_to_roll_back", (await Admin.SendAsync("POST", $"{Challenger}/rollback")).Code);
        await AssertAuditAsync();
    }

    [Fact]
    public async Task A_shut_gate_opens_by_force_alone_and_a_tenant_of_the_file_is_not_changed()
    {
        await SignUp.CreateAsync(Admin, "acme");
        Assert.Equal("invalid_value", (await Admin.SendAsync("PUT", Challenger, """{"policyOptions":{}}""")).Code);
        Assert.Equal("invalid_value", (await Admin.SendAsync("PUT", Challenger, """{"policy":"luck"}""")).Code);
        (await Admin.SendAsync("PUT", Challenger, """{"policy":"linucb"}""")).Ok();
        Assert.Equal("gate_shut", (await Admin.SendAsync("POST", $"{Challenger}/promote", """{"force":false}""")).Code);
        Assert.Equal("invalid_value", (await Admin.SendAsync("POST", $"{Challenger}/promote", """{"force":"yes"}""")).Code);
        Assert.Equal("linucb", (await Admin.SendAsync("POST", $"{Challenger}/promote", """{"force":true}""")).Ok().Json.GetProperty("champion").GetProperty("policy").GetString());
        var record = (await Admin.GetAsync("/admin/v1/audit?tenant=acme")).Ok().Json.GetProperty("data").EnumerateArray().Last();
        Assert.True(record.GetProperty("after").GetProperty("forced").GetBoolean());

        (await Admin.SendAsync("PUT", Challenger, """{"policy":"random"}""")).Ok();
        Assert.Equal(JsonValueKind.Null, (await Admin.SendAsync("DELETE", Challenger)).Ok().Json.GetProperty("challenger").ValueKind);
        Assert.Equal("challenger_not_found", (await Admin.SendAsync("DELETE", Challenger)).Code);
        Assert.Equal("tenant_in_file", (await Admin.SendAsync("PUT", "/admin/v1/tenants/beta/challenger", """{"policy":"linucb"}""")).Code);
        Assert.Equal("metallm", (await Admin.GetAsync("/admin/v1/tenants/beta/challenger")).Ok().Json.GetProperty("champion").GetProperty("policy").GetString());
        Assert.Equal("tenant_not_found", (await Admin.GetAsync("/admin/v1/tenants/nobody/challenger")).Code);
    }

    private static async Task TalkAsync(Client client, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            var reply = (await client.ChatAsync($"Question {i}?")).Ok();
            (await client.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = reply.Model == Good ? 1 : 0 })).Ok();
        }
    }

    private async Task AssertAuditAsync()
    {
        var changes = (await Admin.GetAsync("/admin/v1/audit?tenant=acme")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        var promotion = changes.Single(change => change.GetProperty("action").GetString() == "promote_challenger");
        Assert.Equal("random", promotion.GetProperty("before").GetProperty("policy").GetString());
        Assert.Equal("best-single", promotion.GetProperty("after").GetProperty("policy").GetProperty("policy").GetString());
        Assert.False(promotion.GetProperty("after").GetProperty("forced").GetBoolean());
        Assert.Equal(120, promotion.GetProperty("after").GetProperty("evidence").GetProperty("counted").GetInt32());
        Assert.Equal("roll_back_challenger", changes[^1].GetProperty("action").GetString());
        var document = JsonNode.Parse((await Admin.GetAsync(Tenant)).Ok().Text)!;
        Assert.Equal(("random", "relearn", null), ((string?)document["policy"], (string?)document["policyRestart"], document["replacedPolicy"]));
    }
}
