using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Sharing;

/// <summary>Three tenants give, and a fourth starts from what they know, over HTTP.</summary>
public sealed class SharedLearningTests : IAsyncLifetime
{
    private const string Good = "sim-lingo";
    private const int Requests = 90;

    private static readonly string[] Givers = ["first", "second", "third"];

    private readonly JsonObject _configuration = Configuration();
    private RunningGateway _gateway = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync(_configuration);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_fourth_tenant_starts_better_than_cold_from_what_three_gave()
    {
        foreach (var giver in Givers)
        {
            // Decisions of before the agreement never leave.
            var client = await CreateAsync(giver, new JsonObject { ["policy"] = "random" });
            await TalkAsync(client, 6, "code");
            (await Admin.SendAsync("PATCH", $"/admin/v1/tenants/{giver}", """{"shareLearning":{"give":true,"epsilon":4}}""")).Ok();
            await Eventually.TrueAsync("the agreement is in force", async () => (await client.GetAsync("/v1/shared-learning")).Ok().Json is var given && given.GetProperty("give").GetBoolean() && given.GetProperty("at").ValueKind == JsonValueKind.String);
            await TalkAsync(client, Requests, "code");
        }

        await CreateAsync("silent", new JsonObject());
        var pool = await PoolAsync(pool => pool.Where(cell => cell.GetProperty("topic").GetString() == "code").Sum(cell => cell.GetProperty("count").GetDouble()) > (3 * Requests) - 25);
        var means = pool.Where(cell => cell.GetProperty("topic").GetString() == "code").ToDictionary(cell => cell.GetProperty("model").GetString()!, cell => cell.GetProperty("mean").GetDouble(), StringComparer.Ordinal);
        Assert.Equal(["sim/sim-coder", "sim/sim-lingo", "sim/sim-nano"], means.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, means["sim/sim-lingo"], 0.15);
        Assert.All(pool, cell => Assert.Equal(3, cell.GetProperty("tenants").GetInt32()));

        // All that is there of a task's name is the operator's list, and nothing of a tenant's.
        Assert.DoesNotContain("first", string.Concat(pool.Select(cell => cell.GetRawText())), StringComparison.Ordinal);
        Assert.InRange(pool.Where(cell => cell.GetProperty("topic").GetString() == "code").Sum(cell => cell.GetProperty("count").GetDouble()), (3 * Requests) - 25, (3 * Requests) + 12);

        var taker = await CreateAsync("fourth", new JsonObject { ["shareLearning"] = new JsonObject { ["take"] = true } });
        var cold = await CreateAsync("cold", new JsonObject());
        Assert.True(await GapAsync(taker) > 0.2);
        Assert.Equal(0, await GapAsync(cold), 1e-6);
        var (taken, found) = (await TalkAsync(taker, 12, "code"), await TalkAsync(cold, 12, "code"));
        Assert.True(taken >= 10 && taken > found, $"{taken} good answers with the pool, {found} without");

        // What was taken is the tenant's own from then on.
        await _gateway.StopAsync();
        _gateway = await RunningGateway.StartAsync(_configuration, directory: _gateway.Directory);
        Assert.True(await GapAsync(await KeyOfAsync("fourth")) > 0.2);

        // One of three takes back what it gave, and another is deleted: what is left is told to nobody.
        (await Admin.SendAsync("PATCH", "/admin/v1/tenants/first", """{"shareLearning":null}""")).Ok();
        await PoolAsync(left => left.Count == 0);
        Assert.Empty((await (await KeyOfAsync("first")).GetAsync("/v1/shared-learning")).Ok().Json.GetProperty("data").EnumerateArray());
        Assert.NotEmpty((await (await KeyOfAsync("second")).GetAsync("/v1/shared-learning")).Ok().Json.GetProperty("data").EnumerateArray());
        (await Admin.SendAsync("DELETE", "/admin/v1/tenants/second")).Ok();
        Assert.True(await GapAsync(await KeyOfAsync("fourth")) > 0.2);
    }

    private static JsonObject Configuration()
    {
        var configuration = SignUp.Configuration();
        var section = configuration["MetaLlm"]!.AsObject();
        section["sharedLearning"] = new JsonObject { ["periodSeconds"] = 1, ["topics"] = new JsonArray("code", "chat") };
        section["runtime"] = new JsonObject { ["sweepPeriodSeconds"] = 0.1 };
        return configuration;
    }

    private async Task<Client> CreateAsync(string tenant, JsonObject members)
    {
        var document = SignUp.Document(tenant, TestConfiguration.Arms);
        foreach (var (name, value) in members.ToList())
        {
            document[name] = value!.DeepClone();
        }

        (await Admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString())).Ok();
        return await KeyOfAsync(tenant);
    }

    private async Task<Client> KeyOfAsync(string tenant) => _gateway.With((await SignUp.KeyAsync(Admin, tenant)).Key);

    private async Task<List<JsonElement>> PoolAsync(Func<List<JsonElement>, bool> expected) => await Eventually.ReadAsync(
        "the pool is as expected",
        async () => (await Admin.GetAsync("/admin/v1/shared-learning")).Ok().Json.GetProperty("data").EnumerateArray().ToList(),
        expected,
        pool => string.Join(", ", pool.Select(cell => cell.GetRawText())));

    /// <summary>Asks, and says that one model alone answers well.</summary>
    /// <returns>How many answers were good.</returns>
    private static async Task<int> TalkAsync(Client client, int requests, string task)
    {
        var good = 0;
        for (var i = 0; i < requests; i++)
        {
            var reply = (await AskAsync(client, $"Question {i} of {task}?", task)).Ok();
            good += reply.Model == Good ? 1 : 0;
            (await client.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = reply.Model == Good ? 1.0 : 0.0 })).Ok();
        }

        return good;
    }

    private static Task<Reply> AskAsync(Client client, string text, string task) =>
        client.PostAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = text } }, metallm = new { task } });

    /// <summary>By how much the good model is expected to be better than the best other one.</summary>
    private static async Task<double> GapAsync(Client client)
    {
        var reply = (await AskAsync(client, "And what would you do?", "code")).Ok();
        var arms = (await client.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("arms").EnumerateArray().ToDictionary(arm => arm.GetProperty("id").GetString()!, arm => arm.GetProperty("quality").GetDouble(), StringComparer.Ordinal);
        return arms[Good] - arms.Where(arm => arm.Key != Good).Max(arm => arm.Value);
    }
}
