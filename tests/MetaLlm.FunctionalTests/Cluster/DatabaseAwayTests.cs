using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>The database of a cluster goes away and comes back.</summary>
public sealed class DatabaseAwayTests
{
    private const int MoreCalls = 20;

    [PostgresFact]
    public async Task Clients_of_a_silo_whose_database_is_away_are_told_to_come_again()
    {
        await using var server = await PostgresServer.StartAsync();
        using var cluster = new HostCluster(await server.CreateDatabaseAsync(), tenants: 1);
        var host = await cluster.StartAsync();
        var client = host.With(cluster.Keys[0]);
        var decision = (await client.ChatAsync("Before")).Ok().DecisionId;

        await server.StopAsync(immediate: true);
        Patience.AssertRefusal(await client.ChatAsync("Meanwhile"));
        Patience.AssertRefusal(await client.PostAsync("/v1/route", Client.Chat("Meanwhile")));
        Patience.AssertRefusal(await client.PostAsync("/v1/feedback", new { decision_id = decision, reward = 1, idempotency_key = "one" }));
        Patience.AssertRefusal(await client.GetAsync($"/v1/decisions/{decision}"));
        Patience.AssertRefusal(await client.GetAsync("/v1/policy"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Nobody.GetAsync("/health/ready")).Status);

        for (var i = 0; i < MoreCalls; i++)
        {
            Patience.AssertRefusal(await client.ChatAsync("Meanwhile"));
        }

        await server.StartAgainAsync();
        await Patience.ServedAsync(_ => client.PostAsync("/v1/feedback", new { decision_id = decision, reward = 1, idempotency_key = "one" }));
        await Patience.ServedAsync(_ => client.ChatAsync("After"));
        Assert.Equal(1, (await Patience.ServedAsync(_ => client.GetAsync("/v1/policy"))).Json.GetProperty("rewards_applied").GetInt64());
        Assert.Equal(0, await host.StopAsync());

        // An outage is no defect: what meets every call is told without a stack, which is some 10,000 characters a call. Orleans tells its own.
        var lines = (await host.Errors).Split('\n').Where(line => line.Contains(": MetaLlm.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.True(line.Length < 1000, line));
    }
}
