using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Chat;

public sealed class AliasTests
{
    [Fact]
    public async Task An_alias_routes_or_pins_and_is_listed_as_a_model()
    {
        var configuration = TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["aliases"] = new JsonObject { ["gpt-4o"] = "auto", ["gpt-4o-mini"] = "sim-nano" };
        await using var gateway = await RunningGateway.StartAsync(configuration);

        var routed = (await gateway.Alpha.ChatAsync("Hello.", "gpt-4o")).Ok();
        Assert.False((await DecisionAsync(gateway.Alpha, routed)).GetProperty("pinned").GetBoolean());
        Assert.Contains(routed.Json.GetProperty("model").GetString(), TestConfiguration.Arms);
        var pinned = await DecisionAsync(gateway.Alpha, (await gateway.Alpha.ChatAsync("Hello.", "gpt-4o-mini")).Ok());
        Assert.Equal((true, "sim-nano"), (pinned.GetProperty("pinned").GetBoolean(), pinned.GetProperty("chosen_arm").GetString()));

        var models = (await gateway.Alpha.GetAsync("/v1/models")).Ok().Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString());
        Assert.Equal(["auto", .. TestConfiguration.Arms, "gpt-4o", "gpt-4o-mini"], models);
        var found = (await gateway.Alpha.GetAsync("/v1/models/gpt-4o-mini")).Ok().Json;
        Assert.Equal(("gpt-4o-mini", "sim"), (found.GetProperty("id").GetString(), found.GetProperty("owned_by").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Beta.ChatAsync("Hello.", "gpt-4o")).Status);
    }

    private static async Task<JsonElement> DecisionAsync(Client client, Reply reply) => (await client.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
}
