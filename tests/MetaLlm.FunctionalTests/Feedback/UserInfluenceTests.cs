namespace MetaLlm.FunctionalTests.Feedback;

public sealed class UserInfluenceTests
{
    [Theory]
    [InlineData("user", "/v1/chat/completions")]
    [InlineData("safety_identifier", "/v1/route")]
    public async Task A_user_who_votes_all_day_does_not_outvote_the_others(string member, string path)
    {
        var configuration = TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["maxWeightPerUser"] = 4;
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var weights = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            weights.Add(await VoteAsync(gateway.Alpha, path, member, "loud", 0));
        }

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(1, await VoteAsync(gateway.Alpha, path, member, $"quiet-{i}", 1));
        }

        Assert.Equal([1, 1], weights.Take(2));
        Assert.InRange(weights.Sum(), 3, 4);
        var arm = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms")[0];
        Assert.InRange(arm.GetProperty("mean_reward").GetDouble(), 0.6, 0.7);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, await VoteAsync(gateway.Beta, path, member, "loud", 0));
        }
    }

    private static async Task<double> VoteAsync(Client client, string path, string member, string user, double reward)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = TestConfiguration.Arms[0],
            ["messages"] = new[] { new { role = "user", content = "Vote." } },
            [member] = user,
        };
        var asked = (await client.PostAsync(path, body)).Ok();
        var id = path == "/v1/route" ? asked.Json.GetProperty("decision_id").GetString()! : asked.DecisionId;
        (await client.PostAsync("/v1/feedback", new { decision_id = id, reward })).Ok();
        return (await client.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("reward_weight").GetDouble();
    }
}
