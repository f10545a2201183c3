using System.Diagnostics;
using System.Text.Json.Nodes;
using Dapper;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>Several processes, one directory.</summary>
public sealed class DirectoryClusterTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [PostgresFact]
    public async Task What_one_host_changes_another_follows_within_two_seconds_and_so_does_a_gateway_without_a_silo()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 0, configure: Manage, variables: new Dictionary<string, string> { ["TEST_ADMIN_KEY"] = TestConfiguration.AdminKey }))
        {
            var (one, other, gateway) = (await cluster.StartAsync(), await cluster.StartAsync(), await cluster.StartAsync("gateway"));
            var admin = one.With(TestConfiguration.AdminKey);
            await SignUp.CreateAsync(admin, "acme");
            var (id, key) = await SignUp.KeyAsync(admin, "acme");
            foreach (var host in new[] { other, gateway })
            {
                (await host.With(key).ChatAsync("Hello?", "sim-lingo")).Ok();
            }

            (await admin.SendAsync("DELETE", "/admin/v1/tenants/acme/models/sim-lingo")).Ok();
            await FollowsAsync(other, gateway, async host => (await host.With(key).GetAsync("/v1/models/sim-lingo")).Status == HttpStatusCode.NotFound);

            // Nobody puts the old configuration back: the model is gone for every host, and so it is for the tenant's owner.
            Assert.Equal("model_not_found", (await other.With(key).ChatAsync("Hello?", "sim-lingo")).Code);
            Assert.Equal(["sim-nano"], (await gateway.With(key).GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("id").GetString()));

            (await gateway.With(TestConfiguration.AdminKey).SendAsync("DELETE", $"/admin/v1/tenants/acme/keys/{id}")).Ok();
            await FollowsAsync(one, other, async host => (await host.With(key).GetAsync("/v1/models")).Status == HttpStatusCode.Unauthorized);
            Assert.Equal(1, (await gateway.With(TestConfiguration.AdminKey).GetAsync("/admin/v1/usage?tenant=acme&by=tenant")).Ok().Json.GetProperty("data").GetArrayLength());
        }

        await server.DropDatabaseAsync(database);
    }

    [PostgresFact]
    public async Task A_host_that_has_not_heard_of_a_deletion_makes_nothing_for_the_tenant_anew()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using (var cluster = new HostCluster(database, tenants: 0, configure: Manage, variables: new Dictionary<string, string> { ["TEST_ADMIN_KEY"] = TestConfiguration.AdminKey }))
        {
            var (one, other) = (await cluster.StartAsync(), await cluster.StartAsync());
            var admin = one.With(TestConfiguration.AdminKey);
            await SignUp.CreateAsync(admin, "acme");
            var (_, key) = await SignUp.KeyAsync(admin, "acme");
            var decision = (await other.With(key).ChatAsync("Hello?")).Ok().DecisionId;

            // While the deletion runs, and for as long after it as the other host has not heard of it.
            var deleting = admin.SendAsync("DELETE", "/admin/v1/tenants/acme");
            Reply reply;
            do
            {
                reply = await other.With(key).ChatAsync("Hello?");
                await other.With(key).PostAsync("/v1/feedback", new { decision_id = decision, reward = 1 });
            }
            while (reply.Status != HttpStatusCode.Unauthorized);

            await using var connection = new NpgsqlConnection(database);
            (await deleting).Ok();
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM tenants"));
            await Eventually.TrueAsync("all rows have gone", async () => await connection.ExecuteScalarAsync<long>(
                "SELECT (SELECT count(*) FROM decisions) + (SELECT count(*) FROM events) + (SELECT count(*) FROM feedback)") == 0);
            Assert.Equal(0, (await admin.GetAsync("/admin/v1/usage?by=tenant")).Ok().Json.GetProperty("data").GetArrayLength());
        }

        await server.DropDatabaseAsync(database);
    }

    private static async Task FollowsAsync(Durability.HostProcess first, Durability.HostProcess second, Func<Durability.HostProcess, Task<bool>> follows)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(new[] { first, second }.Select(host => Eventually.TrueAsync("the host follows", () => follows(host))));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Promised);
    }

    private static void Manage(JsonObject configuration) =>
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
}
