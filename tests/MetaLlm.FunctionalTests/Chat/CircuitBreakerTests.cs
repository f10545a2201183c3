using MetaLlm.Simulator.Faults;

namespace MetaLlm.FunctionalTests.Chat;

public sealed class CircuitBreakerTests
{
    [Fact]
    public async Task An_arm_that_asks_to_be_left_alone_is_left_alone()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.RateLimit, Model = "sim-nano", RetryAfterSeconds = 120 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Alpha.ChatAsync("x", "sim-nano")).Status);

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
        Assert.Equal(before, gateway.Simulator.Stats.For("sim-nano").Requests);
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
}
