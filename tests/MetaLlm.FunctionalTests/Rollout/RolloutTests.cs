using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Rollout;

public sealed class RolloutTests(RolloutGateway gateway) : IClassFixture<RolloutGateway>
{
    private const double CallUsd = (30 * 1e-6) + (12 * 2e-6);
    private const double ShadowUsd = (30 * 3e-6) + (12 * 4e-6);

    [Fact]
    public async Task A_variant_is_called_by_its_settings_with_what_was_retrieved_and_costs_both()
    {
        var client = gateway.Of("variants");
        var reply = (await client.PostAsync("/v1/messages", new { model = "a:notes", max_tokens = 100, system = "Rhyme.", messages = new[] { new { role = "user", content = "How is Rome?" } } })).Ok();
        var sent = gateway.Sent.Single(body => body.ToJsonString().Contains("How is Rome?", StringComparison.Ordinal));
        Assert.Equal(("a", "high"), ((string)sent["model"]!, (string)sent["reasoning_effort"]!));
        Assert.Equal("Be brief.\n\nRhyme.", (string)sent["messages"]![0]!["content"]!);
        Assert.Equal("Rome is warm.\n\nHow is Rome?", (string)sent["messages"]![1]!["content"]!);
        var (authorization, asked) = Assert.Single(gateway.Asked);
        Assert.Equal(("Bearer notes-key", "variants", "How is Rome?", "a:notes"), (authorization, (string)asked["tenant"]!, (string)asked["question"]!, (string)asked["model"]!));

        var decision = (await client.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
        Assert.Equal("a:notes", decision.GetProperty("served_arm").GetString());
        Assert.Equal(CallUsd + 0.01, decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble(), 9);
        var conflict = await client.PostAsync("/v1/chat/completions", new { model = "a:notes", reasoning_effort = "low", messages = new[] { new { role = "user", content = "x" } } });
        Assert.Equal((400, "invalid_value"), ((int)conflict.Status, conflict.Code));
    }

    [Fact]
    public async Task A_shadow_sees_calls_answers_none_and_counts_for_nothing_of_the_tenants()
    {
        var client = gateway.Of("shadowed");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("a", (await client.ChatAsync($"Question {i}?")).Ok().Model);
        }

        var shadow = await Eventually.ReadAsync(
            "the shadow has settled six calls",
            async () => (await client.GetAsync("/v1/shadow")).Ok().Json,
            json => json.GetProperty("calls").GetInt64() == 6 && json.GetProperty("spend_usd").GetDouble() > 5.9 * ShadowUsd,
            json => json.GetRawText());
        var arm = Assert.Single(shadow.GetProperty("arms").EnumerateArray());
        Assert.Equal(("c", 6), (arm.GetProperty("id").GetString(), arm.GetProperty("pulls").GetInt64()));
        Assert.Equal(ShadowUsd, arm.GetProperty("mean_cost_usd").GetDouble(), 9);
        Assert.Equal(5, shadow.GetProperty("window").GetProperty("budget_usd").GetDouble());

        var policy = (await client.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(6, policy.GetProperty("decisions").GetInt64());
        Assert.Equal(6 * CallUsd, policy.GetProperty("spend_usd").GetDouble(), 9);
        Assert.Equal(0, policy.GetProperty("arms").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "c").GetProperty("pulls").GetInt64());
        var usage = (await gateway.Admin.GetAsync("/admin/v1/usage?by=tenant")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.DoesNotContain(usage, row => row.GetProperty("group").GetString()!.Contains('~', StringComparison.Ordinal));
        Assert.Equal(6, usage.Single(row => row.GetProperty("group").GetString() == "shadowed").GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task Where_its_cap_has_no_room_a_shadow_calls_nobody()
    {
        var client = gateway.Of("capped");
        (await client.ChatAsync("Hello?")).Ok();
        var shadow = await Eventually.ReadAsync(
            "the call was left out",
            async () => (await client.GetAsync("/v1/shadow")).Ok().Json,
            json => json.GetProperty("left_out").GetInt64() > 0,
            json => json.GetRawText());
        Assert.Equal((0, 0), (shadow.GetProperty("calls").GetInt64(), shadow.GetProperty("spend_usd").GetDouble()));
    }

    [Fact]
    public async Task A_canary_gets_its_users_and_is_reported()
    {
        var client = gateway.Of("canaried");
        var models = new Dictionary<string, string?>();
        for (var i = 0; i < 24; i++)
        {
            var user = $"user-{i % 12}";
            var reply = (await client.PostAsync("/v1/chat/completions", new { model = "auto", user, messages = new[] { new { role = "user", content = $"Question {i}?" } } })).Ok();
            Assert.Equal(models.GetValueOrDefault(user, reply.Model), reply.Model);
            models[user] = reply.Model;
            Assert.Equal(0.5, (await client.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("propensity").GetDouble(), 12);
        }

        Assert.Equal(2, models.Values.Distinct().Count());
        var canary = await Eventually.ReadAsync(
            "all calls are settled",
            async () => (await client.GetAsync("/v1/policy")).Ok().Json.GetProperty("canary"),
            json => json.GetProperty("canary").GetProperty("calls").GetInt64() + json.GetProperty("others").GetProperty("calls").GetInt64() == 24,
            json => json.GetRawText());
        Assert.Equal(("b", JsonValueKind.Null), (canary.GetProperty("model").GetString(), canary.GetProperty("stopped").ValueKind));
    }

    [Fact]
    public async Task A_log_is_exported_as_lines()
    {
        var client = gateway.Of("exported");
        var first = (await client.ChatAsync("Hello?", "a")).Ok();
        await Eventually.TrueAsync(
            "the call is settled", async () => (await client.GetAsync($"/v1/decisions/{first.DecisionId}")).Ok().Json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        var text = (await gateway.Admin.GetAsync("/admin/v1/tenants/exported/decisions")).Ok().Text;
        Assert.Equal(["configured", "decision", "settled"], Lines(text).Select(line => JsonNode.Parse(line)!.AsObject().Single().Key));
        Assert.Contains(first.DecisionId!, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", text, StringComparison.Ordinal);
        var later = (await gateway.Admin.GetAsync("/admin/v1/tenants/exported/decisions?from=2100-01-01")).Ok().Text;
        Assert.StartsWith("{\"configured\":", Assert.Single(Lines(later)), StringComparison.Ordinal);
        Assert.Equal("tenant_not_found", (await gateway.Admin.GetAsync("/admin/v1/tenants/nobody/decisions")).Code);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
