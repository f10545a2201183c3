using System.Text.Json.Nodes;
using MetaLlm.Simulator.Tasks;

namespace MetaLlm.FunctionalTests.Evidence;

/// <summary>A tenant nobody says anything to, with a purse for other models' answers and one without.</summary>
public sealed class EvidenceTests : IDisposable
{
    private const double Purse = 0.05;

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_tenant_without_feedback_becomes_better_by_its_purse_which_is_kept_and_survives_a_restart()
    {
        var gateway = await StartAsync(Configuration());
        double[] right = [await PlayAsync(gateway, gateway.Alpha, buys: true), await PlayAsync(gateway, gateway.Beta, buys: false)];
        Assert.True(right[0] >= right[1] + 0.1, $"{right[0]} of the answers are right with a purse, {right[1]} without.");

        var bought = await ReportAsync(gateway.Alpha);
        Assert.InRange(bought.GetProperty("spend_usd").GetDouble(), Purse / 100, Purse);
        Assert.True(bought.GetProperty("answers").GetInt64() > 50);
        Assert.True(bought.GetProperty("learned_rows").GetInt32() >= 8);
        Assert.Equal(0, (await ReportAsync(gateway.Beta)).GetProperty("answers").GetInt64());
        var managed = (await gateway.With(TestConfiguration.AdminKey).GetAsync("/admin/v1/tenants/alpha/evidence")).Ok().Json;
        Assert.Equal(bought.GetProperty("spend_usd").GetDouble(), managed.GetProperty("spend_usd").GetDouble());

        // What was bought is no usage of the tenant.
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(Asked, policy.GetProperty("decisions").GetInt64());
        await gateway.StopAsync();

        var poorer = Configuration();
        TestConfiguration.TenantAt(poorer, 0)["evidence"]!["usd"] = bought.GetProperty("spend_usd").GetDouble();
        gateway = await StartAsync(poorer);
        await PlayAsync(gateway, gateway.Alpha, buys: false);
        var after = await ReportAsync(gateway.Alpha);
        Assert.Equal(bought.GetProperty("spend_usd").GetDouble(), after.GetProperty("spend_usd").GetDouble());
        Assert.Equal(0, after.GetProperty("left_usd").GetDouble(), 9);
        await gateway.StopAsync();
    }

    private const int Asked = 110;
    private const int Learning = 40;

    private static async Task<double> PlayAsync(RunningGateway gateway, Client client, bool buys)
    {
        var tasks = gateway.Simulator.Catalog.Draw(Asked, seed: 3);
        var right = 0;
        for (var i = 0; i < Asked; i++)
        {
            var reply = (await client.PostAsync("/v1/chat/completions", new
            {
                model = "auto",
                messages = new[] { new { role = "user", content = tasks[i].Prompt } },
                metallm = new { task = tasks[i].Type.ToString(), expected = tasks[i].Answer },
            })).Ok();
            if (buys && i < Learning)
            {
                var known = i;
                await Eventually.TrueAsync("the request was looked at", async () => (await ReportAsync(client)).GetProperty("looked_at").GetInt64() > known);
            }

            right += i >= Learning && IsRight(tasks[i], reply.Text) ? 1 : 0;
        }

        return right / (double)(Asked - Learning);
    }

    private static bool IsRight(SimTask task, string reply) => MetaLlm.Simulator.Checking.AnswerChecker.IsCorrect(task, JsonNode.Parse(reply)!["choices"]![0]!["message"]!["content"]!.GetValue<string>());

    private static async Task<JsonElement> ReportAsync(Client client) => (await client.GetAsync("/v1/evidence")).Ok().Json;

    private Task<RunningGateway> StartAsync(JsonObject configuration) => RunningGateway.StartAsync(configuration, options => options with { TasksPerType = 40 }, _directory);

    private static JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        foreach (var index in new[] { 0, 1 })
        {
            var tenant = TestConfiguration.TenantAt(configuration, index);
            var judge = TestConfiguration.Arm("sim-judge-100");
            judge["enabled"] = false;
            tenant["arms"]!.AsArray().Add((JsonNode)judge);

            // The task says it all here, and a fit takes no time.
            tenant["context"] = new JsonArray("task");
        }

        var alpha = TestConfiguration.TenantAt(configuration, 0);
        alpha["judges"] = JsonNode.Parse("""{"share":0.000001,"usdPerDay":5,"list":[{"id":"right","model":"sim-judge-100","trust":0.5}]}""");
        alpha["evidence"] = new JsonObject { ["usd"] = Purse, ["requests"] = 400 };
        return configuration;
    }
}
