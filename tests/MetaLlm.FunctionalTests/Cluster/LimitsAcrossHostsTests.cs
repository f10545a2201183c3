using System.Diagnostics;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>A tenant's limits hold for two processes together.</summary>
public sealed class LimitsAcrossHostsTests
{
    private const int Limit = 60;

    [PostgresFact]
    public async Task Two_hosts_together_admit_no_more_than_the_limit_and_its_slack()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 2, configure: LimitFirstTenant))
        {
            HostProcess[] hosts = [await cluster.StartAsync(), await cluster.StartAsync()];
            var clock = Stopwatch.StartNew();
            var replies = await Task.WhenAll(hosts.SelectMany(host => Enumerable.Repeat(host, Limit)).Select(host => host.With(cluster.Keys[0]).ChatAsync("How many?")));
            var answered = replies.Count(reply => reply.Status == HttpStatusCode.OK);

            // On a machine that is busy with other things the questions take long, and a new minute's requests are admitted meanwhile.
            Assert.InRange(answered, Limit * 0.9, Limit * 1.1 * (1 + clock.Elapsed.TotalMinutes));
            Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply =>
            {
                Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (reply.Status, reply.Code));
                Assert.True(reply.Headers.ContainsKey("Retry-After"));
            });
            Assert.All(replies, reply => Assert.Equal("60", reply.Headers["x-ratelimit-limit-requests"]));

            // What was refused has left no trace, and other tenants have no limit.
            var policy = (await hosts[0].With(cluster.Keys[0]).GetAsync("/v1/policy")).Ok().Json;
            Assert.Equal(answered, policy.GetProperty("decisions").GetInt32());
            Assert.False((await hosts[1].With(cluster.Keys[1]).ChatAsync("Hello.")).Ok().Headers.ContainsKey("x-ratelimit-limit-requests"));
        }

        await server.DropDatabaseAsync(database);
    }

    private static void LimitFirstTenant(JsonObject configuration) =>
        TestConfiguration.TenantAt(configuration, 0)["limits"] = new JsonObject { ["requestsPerMinute"] = Limit };
}
