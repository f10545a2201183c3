using System.Diagnostics;
using System.Text.Json.Nodes;
using MetaLlm.TestKit.Stores;

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

    private static async Task FollowsAsync(Durability.HostProcess first, Durability.HostProcess second, Func<Durability.HostProcess, Task<bool>> follows)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var host in new[] { first, second })
        {
            await Eventually.TrueAsync("the host follows", () => follows(host));
        }

        // The machine of a test may be busy; what takes longer than this is not the period of the question.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Promised * 2);
    }

    private static void Manage(JsonObject configuration) =>
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
}
