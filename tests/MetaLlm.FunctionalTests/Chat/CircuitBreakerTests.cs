using System.Text.Json.Nodes;
using MetaLlm.Simulator.Faults;

namespace MetaLlm.FunctionalTests.Chat;

public sealed class CircuitBreakerTests
{
    [Fact]
    public async Task An_arm_that_asks_to_be_left_alone_is_left_alone()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.RateLimit, Model = "sim-nano", RetryAfterSeconds = 120 });
        var limited = await gateway.Alpha.ChatAsync("x", "sim-nano");
        Assert.Equal((HttpStatusCode.TooManyRequests, "upstream_rate_limited", "120"), (limited.Status, limited.Code, limited.Headers["Retry-After"]));

        var held = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray()
            .Single(m => m.GetProperty("id").GetString() == "sim-nano").GetProperty("held_out_seconds").GetDouble();
        Assert.InRange(held, 60, 120);

        var before = gateway.Simulator.Stats.For("sim-nano").Requests;
        for (var i = 0; i < 5; i++)
        {
            var reply = (await gateway.Alpha.ChatAsync($"Query {i}")).Ok();
            Assert.Equal("1", reply.Headers["x-metallm-attempts"]);
            var decision = (await gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
            Assert.Equal("unhealthy", decision.GetProperty("arms").EnumerateArray()
                .Single(m => m.GetProperty("id").GetString() == "sim-nano").GetProperty("exclusion").GetString());
        }

        var pinned = await gateway.Alpha.ChatAsync("x", "sim-nano");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, pinned.Status);
        Assert.Equal("no_healthy_model", pinned.Code);
        Assert.InRange(int.Parse(pinned.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 60, 120);
        Assert.Equal(before, gateway.Simulator.Stats.For("sim-nano").Requests);
    }

    [Fact]
    public async Task One_tenants_poison_keeps_no_model_from_another_tenant()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, body) => body.Contains("poison", StringComparison.Ordinal) ? ScriptedUpstream.FailAsync(context, 500) : ScriptedUpstream.AnswerAsync(context, body));
        await using var gateway = await RunningGateway.StartAsync(Sharp(upstream.Configure("a")));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("upstream_failed", (await gateway.Alpha.ChatAsync("poison")).Code);
        }

        Assert.Equal("no_healthy_model", (await gateway.Alpha.ChatAsync("poison")).Code);
        (await gateway.Beta.ChatAsync("say hi")).Ok();
    }

    [Theory]
    [InlineData(402)]
    [InlineData(403)]
    public async Task A_refused_prompt_keeps_no_model_out(int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, body) => body.Contains("bad", StringComparison.Ordinal) ? ScriptedUpstream.FailAsync(context, status) : ScriptedUpstream.AnswerAsync(context, body));
        await using var gateway = await RunningGateway.StartAsync(Sharp(upstream.Configure("a")));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("upstream_failed", (await gateway.Alpha.ChatAsync("bad")).Code);
        }

        (await gateway.Alpha.ChatAsync("good")).Ok();
    }

    [Fact]
    public async Task Where_every_model_wants_fewer_requests_the_client_is_told_429_and_the_shortest_wait()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        foreach (var (model, seconds) in new[] { ("a", "40"), ("b", "8") })
        {
            upstream.On(model, (context, _) =>
            {
                context.Response.Headers.RetryAfter = seconds;
                return ScriptedUpstream.FailAsync(context, 429);
            });
        }

        await using var gateway = await RunningGateway.StartAsync(Sharp(upstream.Configure("a", "b")));
        var reply = await gateway.Alpha.ChatAsync("x");
        Assert.Equal((HttpStatusCode.TooManyRequests, "upstream_rate_limited", "8"), (reply.Status, reply.Code, reply.Headers["Retry-After"]));
        var held = await gateway.Alpha.ChatAsync("x");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no_healthy_model"), (held.Status, held.Code));
        Assert.InRange(int.Parse(held.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 8);
    }

    [Fact]
    public async Task Where_every_model_wants_fewer_requests_for_a_moment_the_call_waits_for_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, body) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return upstream.Called.Count == 1 ? ScriptedUpstream.FailAsync(context, 429) : ScriptedUpstream.AnswerAsync(context, body);
        });
        await using var gateway = await RunningGateway.StartAsync(Sharp(upstream.Configure("a")));
        (await gateway.Alpha.ChatAsync("x")).Ok();
        Assert.Equal(2, upstream.Called.Count);
    }

    [Fact]
    public async Task Failures_in_a_row_take_an_arm_out()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["routing"]!["failureThreshold"] = 2;
        await using var gateway = await RunningGateway.StartAsync(configuration);
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Model = "sim-lingo" });
        Assert.Equal("upstream_failed", (await gateway.Alpha.ChatAsync("x", "sim-lingo")).Code);
        Assert.Equal("upstream_failed", (await gateway.Alpha.ChatAsync("x", "sim-lingo")).Code);
        Assert.Equal("no_healthy_model", (await gateway.Alpha.ChatAsync("x", "sim-lingo")).Code);
    }

    private static JsonObject Sharp(JsonObject configuration)
    {
        configuration["MetaLlm"]!["routing"]!["failureThreshold"] = 3;
        return configuration;
    }
}
