using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Simulator.Faults;

namespace MetaLlm.FunctionalTests.Operations;

public sealed class CapTests
{
    [Fact]
    public async Task A_request_that_can_cost_more_than_is_left_is_told_until_when_and_what_would_fit()
    {
        await using var gateway = await StartAsync(budget => budget["hardCapUsd"] = 0.01);
        var refused = await gateway.Alpha.PostAsync("/v1/chat/completions", Chat(n: 64, limit: 4096));

        Assert.Equal((HttpStatusCode.PaymentRequired, "hard_cap_reached"), (refused.Status, refused.Code));
        var fits = refused.Error.GetProperty("max_tokens").GetInt32();
        Assert.InRange(fits, 70, 78);
        Assert.Contains($"'max_tokens' of at most {fits}", refused.Message, StringComparison.Ordinal);
        var ends = refused.Error.GetProperty("window_ends_at").GetDateTimeOffset();
        Assert.Equal(TimeSpan.Zero, ends.UtcDateTime.TimeOfDay);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 86_400);

        (await gateway.Alpha.PostAsync("/v1/route", Chat(n: 64, limit: fits))).Ok();
        var window = Assert.Single((await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("windows").EnumerateArray());
        Assert.Equal("hard_cap", window.GetProperty("window").GetString());
        Assert.Equal(0.01, window.GetProperty("budget_usd").GetDouble());
        Assert.InRange(window.GetProperty("left_usd").GetDouble(), 0, 0.0005);
        Assert.Equal(JsonValueKind.Null, window.GetProperty("target_usd_per_request").ValueKind);
        Assert.Equal(ends, window.GetProperty("ends_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_burst_is_held_by_what_its_calls_may_cost_and_nothing_stays_set_aside()
    {
        await using var gateway = await StartAsync(budget => budget["usdPerDay"] = 0.02);
        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => gateway.Alpha.PostAsync("/v1/chat/completions", Chat(n: 1, limit: 1000))));

        // A call sets aside 0.0022 USD or so: nine fit at once, and each that ends makes room.
        Assert.Contains(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => Assert.Equal("hard_cap_reached", reply.Code));
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.InRange(policy.GetProperty("spend_usd").GetDouble(), 1e-9, 0.02);
        Assert.Equal((0, 0), (policy.GetProperty("bound_usd").GetDouble(), policy.GetProperty("reserved_usd").GetDouble()));
    }

    [Fact]
    public async Task A_tenant_may_set_aside_predictions_instead()
    {
        await using var gateway = await StartAsync(budget =>
        {
            budget["hardCapUsd"] = 0.01;
            budget["hardCapReserve"] = "mean";
        });
        var decision = (await gateway.Alpha.PostAsync("/v1/route", Chat(n: 64, limit: 4096))).Ok().Json;
        Assert.Equal(decision.GetProperty("reserved_usd").GetDouble(), decision.GetProperty("bound_usd").GetDouble());
    }

    [Fact]
    public async Task All_of_a_prompt_counts_towards_what_is_predicted_and_what_is_set_aside()
    {
        const int Letters = 40_000;
        await using var gateway = await StartAsync(_ => { });
        var (small, large) = (await ArmsAsync("f"), await ArmsAsync(new string('f', Letters)));
        Assert.All(small.Zip(large), pair =>
        {
            var (predicted, bound) = (Difference(pair, "cost_usd"), Difference(pair, "bound_usd"));
            Assert.True(predicted > 0, $"{pair}");

            // At most a token a letter, written to a cache; about a quarter of that.
            Assert.Equal(5, bound / predicted, 1e-2);
        });

        async Task<List<JsonElement>> ArmsAsync(string description)
        {
            var body = new
            {
                model = "auto",
                max_tokens = 100,
                messages = new[] { new { role = "user", content = "hi" } },
                tools = new[] { new { type = "function", function = new { name = "f", description } } },
            };
            return [.. (await gateway.Alpha.PostAsync("/v1/route", body)).Ok().Json.GetProperty("arms").EnumerateArray()];
        }

        static double Difference((JsonElement Small, JsonElement Large) pair, string amount) =>
            pair.Large.GetProperty(amount).GetDouble() - pair.Small.GetProperty(amount).GetDouble();
    }

    [Theory]
    [InlineData("n", "0", "'n' is 0; it must be a whole number from 1 to 128.")]
    [InlineData("n", "1.5", "'n' is 1.5;")]
    [InlineData("n", "\"2\"", "'n' is a text;")]
    [InlineData("max_tokens", "-1", "'max_tokens' is -1;")]
    [InlineData("max_completion_tokens", "1e99", "'max_completion_tokens' is 1e99;")]
    [InlineData("max_completion_tokens", "[]", "'max_completion_tokens' is a list;")]
    public async Task A_limit_that_is_none_is_named(string field, string value, string expected)
    {
        await using var gateway = await StartAsync(_ => { });
        var reply = await gateway.Alpha.PostTextAsync("/v1/route", $$"""{"model":"auto","{{field}}":{{value}},"messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (reply.Status, reply.Code));
        Assert.Contains(expected, reply.Message, StringComparison.Ordinal);
        (await gateway.Alpha.PostTextAsync("/v1/route", $$"""{"model":"auto","{{field}}":null,"messages":[{"role":"user","content":"x"}]}""")).Ok();
    }

    [Fact]
    public async Task Every_attempt_is_listed_with_the_one_that_served_at_the_end()
    {
        await using var gateway = await StartAsync(_ => { });
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Count = 1, RetryAfterSeconds = 0 });
        var reply = (await gateway.Alpha.PostAsync("/v1/chat/completions", Chat(n: 1, limit: 100))).Ok();

        var decision = (await gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
        var last = decision.GetProperty("attempts").EnumerateArray().Last();
        Assert.Equal((reply.Model, "completed"), (last.GetProperty("arm").GetString(), last.GetProperty("outcome").GetString()));
        Assert.Equal(decision.GetProperty("settlement").GetProperty("cost_usd").GetDouble(), last.GetProperty("cost_usd").GetDouble());
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(
            policy.GetProperty("spend_usd").GetDouble(), policy.GetProperty("arms").EnumerateArray().Sum(arm => arm.GetProperty("spend_usd").GetDouble()), 1e-12);
        Assert.True(policy.GetProperty("wasted_usd").GetDouble() >= 0);
    }

    private static Task<RunningGateway> StartAsync(Action<JsonObject> change)
    {
        var configuration = TestConfiguration.Create();
        var budget = new JsonObject();
        change(budget);
        TestConfiguration.TenantAt(configuration, 0)["budget"] = budget;
        return RunningGateway.StartAsync(configuration);
    }

    private static object Chat(int n, int limit) => new { model = "auto", n, max_tokens = limit, messages = new[] { new { role = "user", content = "hi" } } };
}
