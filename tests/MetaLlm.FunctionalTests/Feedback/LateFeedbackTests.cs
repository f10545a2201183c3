namespace MetaLlm.FunctionalTests.Feedback;

public sealed class LateFeedbackTests
{
    [Fact]
    public async Task Feedback_after_a_restart_finds_its_decision_and_the_state_is_the_same()
    {
        var first = await RunningGateway.StartAsync();
        var id = (await first.Alpha.ChatAsync("Say something.")).Ok().DecisionId;
        (await first.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.5, idempotency_key = "early" })).Ok();
        var hash = (await first.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString();
        await first.StopAsync();

        await using var second = await RunningGateway.StartAsync(directory: first.Directory);
        Assert.Equal(hash, (await second.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("state_hash").GetString());
        Assert.Equal("duplicate", (await second.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.5, idempotency_key = "early" })).Ok().Json.GetProperty("status").GetString());
        Assert.Equal("accepted", (await second.Alpha.PostAsync("/v1/feedback", new { decision_id = id, reward = 0.25, idempotency_key = "late" })).Ok().Json.GetProperty("status").GetString());
        Assert.Equal(0.25, (await second.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("reward").GetDouble());
    }
}
