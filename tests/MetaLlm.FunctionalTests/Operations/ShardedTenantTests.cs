using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>A tenant with several owners, over HTTP.</summary>
public sealed class ShardedTenantTests : IAsyncLifetime
{
    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync(SignUp.Configuration("beta"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Requests_feedback_and_reports_are_those_of_one_tenant_also_after_a_restart()
    {
        var (keyId, key) = await CreateAsync(4);
        var decisions = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            decisions.Add((await _gateway.With(key).ChatAsync($"What is {i} plus {i}?")).Ok().DecisionId);
        }

        Assert.True(decisions.Select(id => TenantOwner.OfDecision("acme", id)).Distinct().Count() > 1);
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(SignUp.Configuration("beta"), directory: _gateway.Directory);
        var client = _gateway.With(key);
        var items = decisions.Select(id => new { decision_id = id, reward = 0.5 }).ToArray();
        var statuses = (await client.PostAsync("/v1/feedback", new { items })).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(decisions, statuses.Select(one => one.GetProperty("decision_id").GetString()));
        Assert.All(statuses, one => Assert.Equal("accepted", one.GetProperty("status").GetString()));
        foreach (var id in decisions)
        {
            await client.DecisionAsync(id, found => found.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        }

        var policy = (await client.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(("acme", 20, 20), (policy.GetProperty("tenant").GetString(), policy.GetProperty("decisions").GetInt32(), policy.GetProperty("rewards_applied").GetInt32()));
        Assert.Equal(20, policy.GetProperty("arms").EnumerateArray().Sum(arm => arm.GetProperty("rewards").GetInt32()));
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var (by, group) in new[] { ("tenant", "acme"), ("key", keyId), ("task", "") })
        {
            var row = Assert.Single((await Admin.GetAsync($"/admin/v1/usage?tenant=acme&by={by}")).Ok().Json.GetProperty("data").EnumerateArray());
            Assert.Equal((group, 20, 20), (row.GetProperty("group").GetString(), row.GetProperty("requests").GetInt32(), row.GetProperty("rewards").GetInt32()));
            Assert.Equal(policy.GetProperty("spend_usd").GetDouble(), row.GetProperty("spend_usd").GetDouble(), 12);
        }

        Assert.Equal("acme", Assert.Single((await Admin.GetAsync("/admin/v1/usage?by=tenant")).Ok().Json.GetProperty("data").EnumerateArray()).GetProperty("group").GetString());
        Assert.Equal("decision_not_found", (await client.PostAsync("/v1/feedback", new { decision_id = "dec-1-s9-00", reward = 1 })).Code);
    }

    [Fact]
    public async Task How_many_owners_a_tenant_has_is_said_once()
    {
        var (_, key) = await CreateAsync(2);
        (await _gateway.With(key).ChatAsync("Hello?")).Ok();
        foreach (var (method, body) in new[]
        {
            ("PATCH", """{"shards":4}"""), ("PATCH", """{"shards":null}"""), ("PUT", SignUp.Document("acme").ToJsonString()), ("PATCH", """{"shards":17}"""), ("PATCH", """{"shards":0}"""),
        })
        {
            var refusal = await Admin.SendAsync(method, "/admin/v1/tenants/acme", body);
            Assert.Equal((HttpStatusCode.BadRequest, "shards"), (refusal.Status, refusal.Error.GetProperty("param").GetString()?.Split('.')[^1]));
        }

        var relearn = await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", new { policyRestart = "relearn" });
        Assert.Equal((HttpStatusCode.BadRequest, "policyRestart"), (relearn.Status, relearn.Error.GetProperty("param").GetString()?.Split('.')[^1]));
        var renamed = await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", """{"arms":[{"id":"sim-new","renamedFrom":"sim-nano","upstream":"sim"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, renamed.Status);
        Assert.Contains("keep their ids", renamed.Text, StringComparison.Ordinal);
        var again = await Admin.SendAsync("POST", "/v1/tenants/acme/relearn");
        Assert.Equal((HttpStatusCode.Conflict, "sharded_tenant"), (again.Status, again.Code));

        Assert.Equal(2, (await Admin.GetAsync("/admin/v1/tenants/acme")).Ok().Json.GetProperty("shards").GetInt32());
        (await Admin.SendAsync("PATCH", "/admin/v1/tenants/acme", """{"budget":{"usdPerDay":5}}""")).Ok();
        (await _gateway.With(key).ChatAsync("Hello?")).Ok();
        (await Admin.SendAsync("DELETE", "/admin/v1/tenants/acme")).Ok();
        (_, key) = await CreateAsync(3);
        (await _gateway.With(key).ChatAsync("Hello?")).Ok();
        Assert.Equal(1, (await _gateway.With(key).GetAsync("/v1/policy")).Ok().Json.GetProperty("decisions").GetInt32());
    }

    [Fact]
    public async Task A_budget_that_is_used_up_is_so_for_all_owners_and_begins_anew_for_all()
    {
        var document = SignUp.Document("acme", "sim-nano");
        (document["shards"], document["budget"]) = (2, new System.Text.Json.Nodes.JsonObject { ["hardCapUsd"] = 1e-9 });
        (await Admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString())).Ok();
        var (_, key) = await SignUp.KeyAsync(Admin, "acme");
        Assert.Equal((HttpStatusCode.PaymentRequired, "hard_cap_reached"), await Told(key));
        var reset = (await Admin.SendAsync("POST", "/admin/v1/tenants/acme/budget/reset")).Ok().Json;
        Assert.Equal(1e-9, reset.GetProperty("after").GetProperty("windows")[0].GetProperty("budget_usd").GetDouble(), 15);

        async Task<(HttpStatusCode, string?)> Told(string bearer)
        {
            var reply = await _gateway.With(bearer).ChatAsync("Hello?");
            return (reply.Status, reply.Code);
        }
    }

    [Fact]
    public async Task A_tenant_of_the_file_goes_on_as_before_when_the_file_says_other_owners()
    {
        var configuration = SignUp.Configuration("beta");
        configuration["MetaLlm"]!["tenants"]![0]!["shards"] = 4;
        (await _gateway.With(TestConfiguration.BetaKey).ChatAsync("Hello?")).Ok();
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(configuration, directory: _gateway.Directory);
        (await _gateway.With(TestConfiguration.BetaKey).ChatAsync("Hello?")).Ok();
        var report = await _gateway.Services.GetRequiredService<ITenantEngine>().DescribeAsync("beta", default);
        Assert.Equal(2, report.Decisions);
    }

    private async Task<(string Id, string Key)> CreateAsync(int shards)
    {
        var document = SignUp.Document("acme");
        document["shards"] = shards;
        (await Admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString())).Ok();
        return await SignUp.KeyAsync(Admin, "acme");
    }
}
