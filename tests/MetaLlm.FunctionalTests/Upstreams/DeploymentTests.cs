using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>An arm with two deployments, east and west, before another arm.</summary>
public sealed class DeploymentTests : IAsyncLifetime
{
    private const string EastKey = "key-east";
    private const string WestKey = "key-west";

    private readonly ConcurrentQueue<string> _called = new();
    private ScriptedUpstream? _upstream;

    private Func<HttpContext, string, Task> East { get; set; } = ScriptedUpstream.AnswerAsync;

    private Func<HttpContext, string, Task> West { get; set; } = ScriptedUpstream.AnswerAsync;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("m", (context, body) =>
        {
            var isEast = context.Request.Headers.Authorization == $"Bearer {EastKey}";
            Assert.True(isEast || context.Request.Headers.Authorization == $"Bearer {WestKey}");
            _called.Enqueue(isEast ? "east" : "west");
            return (isEast ? East : West)(context, body);
        });
        _upstream.On("other", (context, body) =>
        {
            _called.Enqueue("other");
            return ScriptedUpstream.AnswerAsync(context, body);
        });
    }

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData(500, "server_error")]
    [InlineData(429, "rate_limited")]
    [InlineData(401, "refused")]
    [InlineData(403, "refused")]
    [InlineData(404, "refused")]
    public async Task What_fails_at_one_deployment_is_answered_by_the_next_before_another_model_is_asked(int status, string kind)
    {
        East = (context, _) => ScriptedUpstream.FailAsync(context, status);
        await using var gateway = await StartAsync(Configuration(east: 1, west: 0));

        var reply = (await gateway.Alpha.ChatAsync("Hello?")).Ok();

        Assert.Equal(("m", "1"), (reply.Model, reply.Headers["x-metallm-attempts"]));
        Assert.Equal(["east", "west"], _called);
        var attempts = await AttemptsAsync(gateway, reply.DecisionId);
        Assert.Equal([("m", "east", kind), ("m", "west", "completed")], attempts);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_made_elsewhere()
    {
        var configuration = Configuration(east: 1, west: 0);
        Deployment(configuration, 0)["upstream"] = "hasty";
        await using var gateway = await StartAsync(configuration);

        var reply = (await gateway.Alpha.ChatAsync("Hello?")).Ok();

        Assert.Equal(["west"], _called);
        Assert.Equal([("m", "east", "connection"), ("m", "west", "completed")], await AttemptsAsync(gateway, reply.DecisionId));
    }

    [Fact]
    public async Task A_model_that_objects_is_not_asked_again_elsewhere()
    {
        East = (context, _) => ScriptedUpstream.FailAsync(context, 400);
        await using var gateway = await StartAsync(Configuration(east: 1, west: 0));

        Assert.Equal("other", (await gateway.Alpha.ChatAsync("Hello?")).Ok().Model);
        Assert.Equal(["east", "other"], _called);
    }

    [Fact]
    public async Task A_deployment_that_asks_for_rest_has_it_alone_and_keeps_it_when_the_configuration_changes()
    {
        East = (context, _) =>
        {
            context.Response.Headers.RetryAfter = "300";
            return ScriptedUpstream.FailAsync(context, 429);
        };
        var configuration = Configuration(east: 1, west: 0);
        await using var gateway = await StartAsync(configuration);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("m", (await gateway.Alpha.ChatAsync($"Query {i}")).Ok().Model);
        }

        Assert.Equal(["east", "west", "west", "west", "west"], _called);
        Assert.Equal(("closed", "open", "closed"), await CircuitsAsync(gateway));

        Deployment(configuration, 0)["weight"] = 5;
        await File.WriteAllTextAsync(gateway.ConfigFile, configuration.ToJsonString());
        await Eventually.ReadAsync(
            "the weight is the new one", () => ArmAsync(gateway), arm => arm.GetProperty("deployments")[0].GetProperty("weight").GetDouble() == 5, arm => arm.ToString(), TimeSpan.FromSeconds(20));
        Assert.InRange((await ArmAsync(gateway)).GetProperty("deployments")[0].GetProperty("held_out_seconds").GetDouble(), 100, 300);
        (await gateway.Alpha.ChatAsync("Still?")).Ok();
        Assert.Single(_called, "east");
    }

    [Fact]
    public async Task The_circuit_of_the_arm_opens_when_those_of_all_deployments_are_open()
    {
        East = West = (context, _) => ScriptedUpstream.FailAsync(context, 503);
        var configuration = Configuration(east: 1, west: 0);
        (configuration["MetaLlm"]!["routing"]!["failureThreshold"], configuration["MetaLlm"]!["routing"]!["failureRate"]) = (2, 0.5);
        await using var gateway = await StartAsync(configuration);
        Assert.Equal("other", (await gateway.Alpha.ChatAsync("One")).Ok().Model);
        Assert.Equal(("closed", "closed", "closed"), await CircuitsAsync(gateway));
        var reply = (await gateway.Alpha.ChatAsync("Two")).Ok();
        Assert.Equal([("m", "east", "server_error"), ("m", "west", "server_error"), ("other", null, "completed")], await AttemptsAsync(gateway, reply.DecisionId));

        Assert.Equal(("open", "open", "open"), await CircuitsAsync(gateway));
        Assert.Equal("1", (await gateway.Alpha.ChatAsync("Three")).Ok().Headers["x-metallm-attempts"]);
        Assert.Equal(["east", "west", "other", "east", "west", "other", "other"], _called);
        Assert.Equal("no_healthy_model", (await gateway.Alpha.ChatAsync("Four", "m")).Code);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_left_out_once_its_circuit_is_open()
    {
        East = (context, _) => ScriptedUpstream.FailAsync(context, 401);
        var configuration = Configuration(east: 1, west: 0);
        (configuration["MetaLlm"]!["routing"]!["failureThreshold"], configuration["MetaLlm"]!["routing"]!["failureRate"]) = (2, 0.5);
        await using var gateway = await StartAsync(configuration);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("m", (await gateway.Alpha.ChatAsync($"Query {i}")).Ok().Model);
        }

        Assert.Equal(2, _called.Count(deployment => deployment == "east"));
        Assert.Equal(5, _called.Count(deployment => deployment == "west"));
        Assert.Equal(("closed", "open", "closed"), await CircuitsAsync(gateway));
    }

    [Fact]
    public async Task A_stream_that_breaks_off_after_it_began_goes_to_no_other_deployment()
    {
        // What the gateway has not read when the connection breaks is lost.
        var hasArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        East = async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Half of"));
            await hasArrived.Task.WaitAsync(TimeSpan.FromMinutes(1));
            context.Abort();
        };
        await using var gateway = await StartAsync(Configuration(east: 1, west: 0));

        using var response = await gateway.Alpha.StreamAsync(new { model = "auto", stream = true, messages = Messages("Hello?") });
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line?.Contains("Half of", StringComparison.Ordinal) == false);

        Assert.NotNull(line);
        hasArrived.SetResult();
        Assert.Contains("upstream_cut", await reader.ReadToEndAsync(), StringComparison.Ordinal);

        var id = response.Headers.GetValues("x-metallm-decision-id").Single();
        Assert.Equal([("m", "east", "cut")], await AttemptsAsync(gateway, id));
        Assert.Equal(["east"], _called);
    }

    [Fact]
    public async Task An_attempt_that_is_billed_and_the_answer_after_it_are_booked_at_their_own_prices()
    {
        East = async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, """{"id":"u","choices":[{"index":0,"delta":{"role":"assistant"}}]}""");
            await ScriptedUpstream.SendAsync(context, """{"error":{"message":"no"},"usage":{"prompt_tokens":10,"completion_tokens":0}}""");
        };
        var configuration = Configuration(east: 1, west: 0);
        (Deployment(configuration, 0)["inputUsdPerMillion"], Deployment(configuration, 0)["outputUsdPerMillion"]) = (100.0, 200.0);
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new JsonObject { ["hardCapUsd"] = 1.0 };
        await using var gateway = await StartAsync(configuration);

        var reply = (await AskAsync(gateway, new { model = "m", stream = true, max_tokens = 10, messages = Messages("Hello?") })).Ok();

        Assert.Contains("Hello.", reply.Text, StringComparison.Ordinal);
        Assert.True(reply.Headers.ContainsKey("x-metallm-propensity"), "The arm is the one that was chosen.");
        var decision = await gateway.Alpha.DecisionAsync(reply.DecisionId, one => one.GetProperty("settlement").ValueKind != JsonValueKind.Null);
        Assert.Equal([("m", "east", "server_error"), ("m", "west", "completed")], Attempts(decision));
        var costs = decision.GetProperty("attempts").EnumerateArray().Select(one => one.GetProperty("cost_usd").GetDouble()).ToList();
        Assert.Equal(decision.GetProperty("attempts")[0].GetProperty("prompt_tokens").GetDouble() * 100e-6, costs[0], 12);
        Assert.True(costs[0] > 0);
        Assert.Equal((10 * 1e-6) + (2 * 2e-6), costs[1], 12);
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal(costs.Sum(), policy.GetProperty("spend_usd").GetDouble(), 12);
        Assert.Equal((0.0, 0.0), (policy.GetProperty("reserved_usd").GetDouble(), policy.GetProperty("bound_usd").GetDouble()));
    }

    [Fact]
    public async Task The_same_end_user_comes_to_the_same_deployment_and_many_come_to_both()
    {
        await using var gateway = await StartAsync(Configuration(east: 1, west: 1));
        for (var user = 0; user < 20; user++)
        {
            _called.Clear();
            for (var i = 0; i < 3; i++)
            {
                (await AskAsync(gateway, new { model = "m", user = $"user {user}", messages = Messages($"Query {i}") })).Ok();
            }

            Assert.Single(_called.Distinct());
        }

        _called.Clear();
        for (var i = 0; i < 40; i++)
        {
            (await AskAsync(gateway, new { model = "m", prompt_cache_key = $"conversation {i}", messages = Messages("Query") })).Ok();
        }

        // All at one of two: a chance of one in 10^12.
        Assert.Equal(2, _called.Distinct().Count());
    }

    [Fact]
    public async Task What_calls_cost_is_what_the_deployments_ask_for_and_caps_set_aside_the_dearest()
    {
        decimal bill = 0;
        var count = 0;
        var gate = new Lock();
        Func<HttpContext, string, Task> Billing(decimal input, decimal output, int failEvery) => (context, body) =>
        {
            lock (gate)
            {
                if (++count % failEvery == 0)
                {
                    return ScriptedUpstream.FailAsync(context, count % 2 == 0 ? 500 : 429);
                }

                bill += ((10 * input) + (2 * output)) / 1_000_000;
            }

            return ScriptedUpstream.AnswerAsync(context, body);
        };
        East = Billing(1, 2, failEvery: 3);
        West = Billing(30, 50, failEvery: 7);
        var configuration = Configuration(east: 1, west: 1);
        (Deployment(configuration, 1)["inputUsdPerMillion"], Deployment(configuration, 1)["outputUsdPerMillion"]) = (30.0, 50.0);
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new JsonObject { ["hardCapUsd"] = 100.0 };
        await using var gateway = await StartAsync(configuration);

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await AskAsync(gateway, new { model = "m", max_tokens = 100, stream = i % 2 == 0, messages = Messages($"Query {i}") }));

        var policy = await Eventually.ReadAsync(
            "nothing stays reserved",
            async () => (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json,
            policy => policy.GetProperty("reserved_usd").GetDouble() == 0,
            policy => policy.GetProperty("reserved_usd").ToString());
        Assert.Equal((double)bill, policy.GetProperty("spend_usd").GetDouble(), 9);
        Assert.Equal(["east", "west"], _called.Distinct().Order());

        var decision = (await gateway.Alpha.GetAsync($"/v1/decisions/{(await AskAsync(gateway, new { model = "m", max_tokens = 100, messages = Messages("Bound?") })).DecisionId}")).Ok().Json;
        Assert.True(decision.GetProperty("bound_usd").GetDouble() >= 100 * 50e-6, decision.ToString());
    }

    [Fact]
    public async Task Attempts_at_deployments_are_counted_by_name_and_outcome()
    {
        East = (context, _) => ScriptedUpstream.FailAsync(context, 500);
        await using var gateway = await StartAsync(Configuration(east: 1, west: 0));
        (await gateway.Alpha.ChatAsync("Hello?")).Ok();

        var text = (await gateway.Nobody.GetAsync("/metrics")).Ok().Text;
        Assert.Contains(text.Split('\n'), line => line.StartsWith("metallm_routing_deployment_attempts_total", StringComparison.Ordinal)
            && line.Contains("deployment=\"east\"", StringComparison.Ordinal) && line.Contains("result=\"server_error\"", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal));
        Assert.Contains(text.Split('\n'), line => line.Contains("deployment=\"west\"", StringComparison.Ordinal) && line.Contains("result=\"answering\"", StringComparison.Ordinal));
    }

    private JsonObject Configuration(double east, double west)
    {
        var configuration = _upstream!.Configure("m", "other");
        foreach (var tenant in configuration["MetaLlm"]!["tenants"]!.AsArray())
        {
            tenant!["arms"]![0]!["deployments"] = new JsonArray(
                new JsonObject { ["name"] = "east", ["weight"] = east, ["apiKeyEnvironment"] = EastKey },
                new JsonObject { ["name"] = "west", ["weight"] = west, ["apiKeyEnvironment"] = WestKey });
        }

        return configuration;
    }

    private static JsonObject Deployment(JsonObject configuration, int index) => TestConfiguration.TenantAt(configuration, 0)["arms"]![0]!["deployments"]![index]!.AsObject();

    private static Task<RunningGateway> StartAsync(JsonObject configuration) =>
        RunningGateway.StartAsync(configuration, variable: name => name is EastKey or WestKey ? name : TestConfiguration.Variable(name));

    private static object[] Messages(string text) => [new { role = "user", content = text }];

    private static Task<Reply> AskAsync(RunningGateway gateway, object body) => gateway.Alpha.PostAsync("/v1/chat/completions", body);

    private static async Task<JsonElement> ArmAsync(RunningGateway gateway) =>
        (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray().Single(arm => arm.GetProperty("id").GetString() == "m");

    private static async Task<(string? Arm, string? East, string? West)> CircuitsAsync(RunningGateway gateway)
    {
        var arm = await ArmAsync(gateway);
        var deployments = arm.GetProperty("deployments").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("circuit").GetString());
        return (arm.GetProperty("circuit").GetString(), deployments["east"], deployments["west"]);
    }

    private static async Task<List<(string?, string?, string?)>> AttemptsAsync(RunningGateway gateway, string id) =>
        Attempts(await gateway.Alpha.DecisionAsync(id, one => one.GetProperty("settlement").ValueKind != JsonValueKind.Null));

    private static List<(string?, string?, string?)> Attempts(JsonElement decision) =>
        [.. decision.GetProperty("attempts").EnumerateArray().Select(one => (
            one.GetProperty("arm").GetString(), one.TryGetProperty("deployment", out var deployment) ? deployment.GetString() : null, one.GetProperty("outcome").GetString()))];
}
