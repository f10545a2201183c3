using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MetaLlm.Simulator.Faults;

namespace MetaLlm.FunctionalTests.Surfaces;

public sealed class EmbeddingsTests
{
    private const string Path = "/v1/embeddings";
    private static readonly string[] Small = ["sim-embed-small", "sim-embed-small-elsewhere"];

    [Fact]
    public async Task The_cheapest_of_a_space_answers_with_floats_or_base64_and_the_vectors_are_those_of_the_space()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration());
        var floats = await EmbedAsync(gateway.Alpha, new { model = "auto", input = new[] { "red apples", "red pears", "blue whales" } });
        var vectors = Vectors(floats);
        Assert.Equal([256, 256, 256], vectors.Select(vector => vector.Length));
        Assert.True(Similarity(vectors[0], vectors[1]) > Similarity(vectors[0], vectors[2]) + 0.2);
        Assert.Equal(("sim-embed-small", "sim-embed-small", "1"), (floats.Json.GetProperty("model").GetString(), floats.Headers["x-metallm-model"], floats.Headers["x-metallm-attempts"]));
        Assert.Equal(floats.Json.GetProperty("usage").GetProperty("prompt_tokens").GetDouble(), floats.Json.GetProperty("usage").GetProperty("total_tokens").GetDouble());

        var packed = await EmbedAsync(gateway.Alpha, new { model = "sim-embed", input = "red apples", encoding_format = "base64" });
        Assert.Equal(vectors[0], MemoryMarshal.Cast<byte, float>(packed.Json.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64()).ToArray());
        var pinned = await EmbedAsync(gateway.Alpha, new { model = "sim-embed-small-elsewhere", input = "red apples" });
        Assert.Equal("sim-embed-small-elsewhere", pinned.Json.GetProperty("model").GetString());
        Assert.Equal(vectors[0], Assert.Single(Vectors(pinned)));

        Assert.Equal(1024, Assert.Single(Vectors(await EmbedAsync(gateway.Alpha, new { model = "sim-embed-large", input = "red apples" }))).Length);
        Assert.Equal(64, Assert.Single(Vectors(await EmbedAsync(gateway.Alpha, new { model = "auto", input = "red apples", dimensions = 64 }))).Length);
        Assert.Equal(2, Vectors(await EmbedAsync(gateway.Alpha, new { model = "auto", input = new[] { new[] { 1, 2, 3 }, [4] } })).Count);
        Assert.Single(Vectors(await EmbedAsync(gateway.Alpha, new { model = "auto", input = new[] { 1, 2, 3 } })));
    }

    [Fact]
    public async Task Models_spaces_and_aliases_are_listed_and_none_of_them_chats()
    {
        var configuration = Configuration();
        TestConfiguration.TenantAt(configuration, 0)["aliases"] = new JsonObject { ["text-embedding-ada-002"] = "sim-embed", ["gpt-4o"] = "auto" };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var models = (await gateway.Alpha.GetAsync("/v1/models")).Ok().Json.GetProperty("data").EnumerateArray().ToDictionary(m => m.GetProperty("id").GetString()!);
        Assert.Equal(["auto", .. TestConfiguration.Arms, "gpt-4o", .. Small, "sim-embed-large", "sim-embed", "text-embedding-ada-002"], models.Keys);
        var details = models["sim-embed-small"].GetProperty("metallm");
        Assert.Equal(("sim-embed", 256, 0.02), (details.GetProperty("space").GetString(), details.GetProperty("dimensions").GetInt32(), details.GetProperty("input_usd_per_million").GetDouble()));
        Assert.Equal("metallm", (await gateway.Alpha.GetAsync("/v1/models/sim-embed")).Ok().Json.GetProperty("owned_by").GetString());
        await EmbedAsync(gateway.Alpha, new { model = "text-embedding-ada-002", input = "x" });
        foreach (var name in (string[])["sim-embed-small", "sim-embed", "text-embedding-ada-002"])
        {
            Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), Refusal(await gateway.Alpha.ChatAsync("Hello.", name)));
        }
    }

    [Fact]
    public async Task What_cannot_be_embedded_is_refused_by_its_field()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration());
        async Task RefusedAsync(string param, object body, string code = "invalid_value", HttpStatusCode status = HttpStatusCode.BadRequest)
        {
            var reply = await gateway.Alpha.PostAsync(Path, body);
            Assert.Equal((status, code, param), (reply.Status, reply.Code, reply.Error.GetProperty("param").GetString()));
        }

        await RefusedAsync("input", new { model = "auto" });
        await RefusedAsync("input", new { model = "auto", input = "" });
        await RefusedAsync("input", new { model = "auto", input = Array.Empty<string>() });
        await RefusedAsync("input", new { model = "auto", input = 5 });
        await RefusedAsync("input[1]", new { model = "auto", input = new[] { "a", "" } });
        await RefusedAsync("input[0]", new { model = "auto", input = new[] { new[] { -1 } } });
        await RefusedAsync("input", new { model = "auto", input = Enumerable.Repeat("a", 2049) });
        await RefusedAsync("encoding_format", new { model = "auto", input = "a", encoding_format = "int8" });
        await RefusedAsync("dimensions", new { model = "auto", input = "a", dimensions = 257 });
        await RefusedAsync("metallm.dial", new { model = "auto", input = "a", metallm = new { dial = new { cost = 2 } } });
        await RefusedAsync("metallm.allow", new { model = "auto", input = "a", metallm = new { allow = new[] { "sim-embed-large" } } });
        await RefusedAsync("model", new { model = "sim-nano", input = "a" }, "model_not_found", HttpStatusCode.NotFound);
        await RefusedAsync("metallm.max_cost_usd", new { model = "auto", input = "a", metallm = new { max_cost_usd = 1e-12 } }, "max_cost_too_low", HttpStatusCode.UnprocessableEntity);
        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), Refusal(await gateway.Beta.PostAsync(Path, new { model = "auto", input = "a" })));
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Nobody.PostAsync(Path, new { model = "auto", input = "a" })).Status);
        Assert.Equal(0, (await PolicyAsync(gateway.Alpha)).GetProperty("decisions").GetInt64());
    }

    [Fact]
    public async Task A_model_that_fails_is_replaced_within_its_space_and_never_from_another()
    {
        await using var gateway = await RunningGateway.StartAsync(Configuration());
        gateway.Simulator.Faults.Add(new FaultRule { Model = Small[0], Kind = FaultKind.ServerError });
        var replaced = await EmbedAsync(gateway.Alpha, new { model = "auto", input = "a word" });
        Assert.Equal((Small[1], "2"), (replaced.Headers["x-metallm-model"], replaced.Headers["x-metallm-attempts"]));
        var decision = await gateway.Alpha.DecisionAsync(replaced.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        Assert.Equal(("price", Small[0], Small[1]), (decision.GetProperty("policy").GetString(), decision.GetProperty("chosen_arm").GetString(), decision.GetProperty("served_arm").GetString()));

        gateway.Simulator.Faults.Add(new FaultRule { Model = Small[1], Kind = FaultKind.Unavailable });
        var failed = await gateway.Alpha.PostAsync(Path, new { model = "sim-embed", input = "a word" });
        Assert.Equal((HttpStatusCode.BadGateway, "upstream_failed"), Refusal(failed));
        Assert.Equal(0, gateway.Simulator.Stats.For("sim-embed-large").Requests);
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.Alpha.PostAsync(Path, new { model = Small[0], input = "a word" })).Status);
    }

    [Fact]
    public async Task Calls_together_never_pass_the_cap_and_nothing_stays_set_aside()
    {
        var configuration = Configuration();
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new JsonObject { ["hardCapUsd"] = 0.00002 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var text = string.Join(' ', Enumerable.Repeat("word", 20));
        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => gateway.Alpha.PostAsync(Path, new { model = "auto", input = text })));
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => Assert.Equal((HttpStatusCode.PaymentRequired, "hard_cap_reached"), Refusal(reply)));
        JsonElement policy;
        do
        {
            // Whoever asks for the policy waits until all that was called is settled.
            policy = await PolicyAsync(gateway.Alpha);
        }
        while ((await gateway.Alpha.PostAsync(Path, new { model = "auto", input = text })).Status == HttpStatusCode.OK);

        Assert.InRange(policy.GetProperty("spend_usd").GetDouble(), 0.000015, 0.00002);
        Assert.Equal((0, 0), (policy.GetProperty("bound_usd").GetDouble(), policy.GetProperty("reserved_usd").GetDouble()));
        Assert.Equal(Bill(gateway), policy.GetProperty("spend_usd").GetDecimal(), 12);

        // A chat call has the same cap.
        Assert.Equal("hard_cap_reached", (await gateway.Alpha.ChatAsync("Hello.")).Code);
    }

    [Fact]
    public async Task Spend_equals_the_upstreams_invoice_and_reports_name_each_model()
    {
        var configuration = Configuration();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        gateway.Simulator.Faults.Add(new FaultRule { Model = Small[0], Kind = FaultKind.ServerError, Probability = 0.3 });
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (call, _) =>
            await EmbedAsync(gateway.Alpha, new { model = call % 5 == 0 ? "sim-embed-large" : "auto", input = Enumerable.Range(0, 1 + (call % 4)).Select(i => $"text {i} of call {call}") }));

        var policy = await Eventually.ReadAsync(
            "nothing stays reserved", () => PolicyAsync(gateway.Alpha), json => json.GetProperty("reserved_usd").GetDouble() == 0, json => json.GetProperty("reserved_usd").ToString());
        Assert.Equal(Bill(gateway), policy.GetProperty("spend_usd").GetDecimal(), 12);
        Assert.Equal(0, policy.GetProperty("arms").EnumerateArray().Sum(arm => arm.GetProperty("pulls").GetInt64()));
        var report = (await gateway.With(TestConfiguration.AdminKey).GetAsync("/admin/v1/usage?tenant=alpha&by=model")).Ok().Json.GetProperty("data").EnumerateArray().ToDictionary(row => row.GetProperty("group").GetString()!);
        foreach (var stats in gateway.Simulator.Stats.Snapshot().Where(stats => stats.Model.StartsWith("sim-embed", StringComparison.Ordinal)))
        {
            Assert.Equal((double)stats.CostUsd, report[stats.Model].GetProperty("spend_usd").GetDouble(), 1e-12);
            Assert.Equal(stats.PromptTokens, report[stats.Model].GetProperty("prompt_tokens").GetDouble());
        }
    }

    [Fact]
    public async Task What_was_booked_is_there_after_a_restart()
    {
        var gateway = await RunningGateway.StartAsync(Configuration());
        await EmbedAsync(gateway.Alpha, new { model = "auto", input = "a text of some words" });
        (await gateway.Alpha.ChatAsync("Hello.")).Ok();
        await EmbedAsync(gateway.Alpha, new { model = "sim-embed-large", input = "a text of some words" });
        var before = await PolicyAsync(gateway.Alpha);
        var directory = gateway.Directory;
        await gateway.StopAsync();
        await using var again = await RunningGateway.StartAsync(Configuration(), directory: directory);
        var after = await PolicyAsync(again.Alpha);
        Assert.Equal((before.GetProperty("spend_usd").GetDouble(), before.GetProperty("state_hash").GetString()), (after.GetProperty("spend_usd").GetDouble(), after.GetProperty("state_hash").GetString()));
        Assert.Equal(3, after.GetProperty("decisions").GetInt64());
    }

    [Theory]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]}],"model":"u","usage":{"prompt_tokens":3,"total_tokens":3}}""", null)]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AAAAPwAAgL4="}],"usage":{"prompt_tokens":3}}""", null)]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]},{"object":"embedding","index":1,"embedding":[1,2]}]}""", "another count of vectors")]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25,1]}]}""", "another length")]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[]}]}""", "an empty vector")]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AAAA"}]}""", "half a number")]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,"x"]}]}""", "a text for a number")]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0}]}""", "no vector")]
    [InlineData("""{"choices":[]}""", "no embeddings")]
    [InlineData("""{"error":{"message":"busy","code":503}}""", "an error")]
    [InlineData("nonsense", "no JSON")]
    public async Task Either_form_of_vectors_becomes_the_one_that_was_asked_for_and_anything_else_is_a_failure(string answer, string? fault)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("first", (http, _) => ScriptedUpstream.FailAsync(http, 200, answer));
        upstream.On("second", (http, _) => ScriptedUpstream.FailAsync(http, 200, """{"data":[{"index":0,"embedding":[0.5,-0.25]}],"usage":{"prompt_tokens":3}}"""));
        var configuration = upstream.Configure("chat");
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = new JsonArray(
            Model("first", "space", 2, 1, "scripted"), Model("second", "space", 2, 2, "scripted"));
        await using var gateway = await RunningGateway.StartAsync(configuration);
        foreach (var isBase64 in (bool[])[false, true])
        {
            var reply = await EmbedAsync(gateway.Alpha, new { model = "auto", input = "a text", encoding_format = isBase64 ? "base64" : "float" });
            Assert.Equal(fault is null ? "first" : "second", reply.Json.GetProperty("model").GetString());
            var vector = reply.Json.GetProperty("data")[0].GetProperty("embedding");
            Assert.Equal([0.5f, -0.25f], isBase64 ? MemoryMarshal.Cast<byte, float>(vector.GetBytesFromBase64()).ToArray() : vector.EnumerateArray().Select(number => number.GetSingle()));
        }
    }

    [Fact]
    public async Task An_objection_is_handed_on_and_a_lying_count_passes_no_bound()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("first", (http, body) => body.Contains("bad", StringComparison.Ordinal)
            ? ScriptedUpstream.FailAsync(http, 400, """{"error":{"message":"too long","code":"context_length_exceeded"}}""")
            : ScriptedUpstream.FailAsync(http, 200, """{"data":[{"index":0,"embedding":[0.5,-0.25]}],"usage":{"prompt_tokens":1000000,"total_tokens":1000000}}"""));
        var configuration = upstream.Configure("chat");
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = new JsonArray(Model("first", null, 2, 1_000_000, "scripted"));
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var objected = await gateway.Alpha.PostAsync(Path, new { model = "first", input = "bad" });
        Assert.Equal((HttpStatusCode.BadRequest, "context_length_exceeded"), Refusal(objected));
        await EmbedAsync(gateway.Alpha, new { model = "first", input = "good" });
        Assert.InRange((await PolicyAsync(gateway.Alpha)).GetProperty("spend_usd").GetDouble(), 1, 50);
    }

    [Fact]
    public async Task What_fails_at_one_deployment_is_answered_by_the_next_at_its_own_price_before_another_model_of_the_space()
    {
        const string vector = """{"data":[{"index":0,"embedding":[0.5,-0.25]}],"usage":{"prompt_tokens":3,"total_tokens":3}}""";
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("first", (http, _) =>
        {
            if (http.Request.Headers.Authorization != "Bearer key-east")
            {
                return ScriptedUpstream.FailAsync(http, 200, vector);
            }

            http.Response.Headers.RetryAfter = "300";
            return ScriptedUpstream.FailAsync(http, 429);
        });
        upstream.On("second", (http, _) => ScriptedUpstream.FailAsync(http, 200, vector));
        var configuration = upstream.Configure("chat");
        var first = Model("first", "space", 2, 1, "scripted");
        first["deployments"] = new JsonArray(
            new JsonObject { ["name"] = "east", ["apiKeyEnvironment"] = "KEY_EAST" }, new JsonObject { ["name"] = "west", ["weight"] = 0, ["apiKeyEnvironment"] = "KEY_WEST", ["inputUsdPerMillion"] = 40 });
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = new JsonArray(first, Model("second", "space", 2, 2, "scripted"));
        await using var gateway = await RunningGateway.StartAsync(
            configuration, variable: name => name switch { "KEY_EAST" => "key-east", "KEY_WEST" => "key-west", _ => TestConfiguration.Variable(name) });

        for (var call = 1; call <= 3; call++)
        {
            var reply = await EmbedAsync(gateway.Alpha, new { model = "space", input = $"text {call}" });
            Assert.Equal(("first", "1"), (reply.Headers["x-metallm-model"], reply.Headers["x-metallm-attempts"]));
            var decision = await gateway.Alpha.DecisionAsync(reply.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
            Assert.Equal(call == 1 ? ["east", "west"] : ["west"], decision.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("deployment").GetString()));
            Assert.Equal(3 * 40e-6, decision.GetProperty("attempts").EnumerateArray().Sum(attempt => attempt.GetProperty("cost_usd").GetDouble()), 12);

            // What is set aside counts the dearest deployment, so that no cap is passed whichever answers.
            Assert.True(decision.GetProperty("bound_usd").GetDouble() >= 40e-6, decision.ToString());
        }

        Assert.Equal(["first", "first", "first", "first"], upstream.Called);
        Assert.Equal(9 * 40e-6, (await PolicyAsync(gateway.Alpha)).GetProperty("spend_usd").GetDouble(), 12);
    }

    [Fact]
    public async Task An_attempt_at_a_deployment_that_may_be_billed_is_booked_and_fits_under_the_cap()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("first", (http, _) =>
        {
            var vector = http.Request.Headers.Authorization == "Bearer key-east" ? "[1]" : "[0.5,-0.25]";
            return ScriptedUpstream.FailAsync(http, 200, $$"""{"data":[{"embedding":{{vector}},"index":0}],"usage":{"prompt_tokens":3} }""");
        });
        var configuration = upstream.Configure("chat");
        var first = Model("first", "space", 2, 10, "scripted");
        first["deployments"] = new JsonArray(new JsonObject { ["name"] = "east", ["apiKeyEnvironment"] = "KEY_EAST" }, new JsonObject { ["name"] = "west", ["weight"] = 0, ["apiKeyEnvironment"] = "KEY_WEST" });
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = new JsonArray(first);
        TestConfiguration.TenantAt(configuration, 0)["budget"] = new JsonObject { ["hardCapUsd"] = 0.01 };
        await using var gateway = await RunningGateway.StartAsync(
            configuration, variable: name => name switch { "KEY_EAST" => "key-east", "KEY_WEST" => "key-west", _ => TestConfiguration.Variable(name) });

        var reply = await EmbedAsync(gateway.Alpha, new { model = "first", input = "a text" });
        var decision = await gateway.Alpha.DecisionAsync(reply.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        var attempts = decision.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(["east", "west"], attempts.Select(attempt => attempt.GetProperty("deployment").GetString()));
        Assert.All(attempts, attempt => Assert.Equal(attempt.GetProperty("prompt_tokens").GetDouble() * 10e-6, attempt.GetProperty("cost_usd").GetDouble(), 12));
        Assert.All(attempts, attempt => Assert.True(attempt.GetProperty("cost_usd").GetDouble() > 0));
        var policy = await PolicyAsync(gateway.Alpha);
        Assert.Equal(attempts.Sum(attempt => attempt.GetProperty("cost_usd").GetDouble()), policy.GetProperty("spend_usd").GetDouble(), 12);
        Assert.Equal((0, 0), (policy.GetProperty("bound_usd").GetDouble(), policy.GetProperty("reserved_usd").GetDouble()));
    }

    [Fact]
    public async Task A_price_with_a_date_counts_from_there_on_and_models_show_what_holds()
    {
        var configuration = Configuration();
        var models = TestConfiguration.TenantAt(configuration, 0)["embeddingModels"]!.AsArray();
        models[0]!["prices"] = JsonNode.Parse("""[{"from":"2020-01-01","inputUsdPerMillion":5},{"from":"2999-01-01","inputUsdPerMillion":7}]""");
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var reply = await EmbedAsync(gateway.Alpha, new { model = "auto", input = "some words" });
        Assert.Equal(Small[1], reply.Headers["x-metallm-model"]);
        var pinned = await EmbedAsync(gateway.Alpha, new { model = Small[0], input = "some words" });
        var decision = await gateway.Alpha.DecisionAsync(pinned.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        var attempt = decision.GetProperty("attempts")[0];
        Assert.Equal(attempt.GetProperty("prompt_tokens").GetDouble() * 5e-6, attempt.GetProperty("cost_usd").GetDouble(), 12);
        var details = (await gateway.Alpha.GetAsync($"/v1/models/{Small[0]}")).Ok().Json.GetProperty("metallm");
        Assert.Equal((5, 3), (Math.Round(details.GetProperty("input_usd_per_million").GetDouble(), 9), details.GetProperty("prices").GetArrayLength()));
    }

    internal static JsonObject Configuration()
    {
        var configuration = TestConfiguration.Create();
        TestConfiguration.TenantAt(configuration, 0)["embeddingModels"] = Models();
        return configuration;
    }

    internal static JsonArray Models() => new(
        Model(Small[0], "sim-embed", 256, 0.02), Model(Small[1], "sim-embed", 256, 0.03), Model("sim-embed-large", null, 1024, 0.13));

    internal static JsonObject Model(string id, string? space, int dimensions, double price, string upstream = "sim")
    {
        var model = new JsonObject { ["id"] = id, ["upstream"] = upstream, ["dimensions"] = dimensions, ["inputUsdPerMillion"] = price };
        if (space is not null)
        {
            model["space"] = space;
        }

        return model;
    }

    private static async Task<Reply> EmbedAsync(Client client, object body) => (await client.PostAsync(Path, body)).Ok();

    private static async Task<JsonElement> PolicyAsync(Client client) => (await client.GetAsync("/v1/policy")).Ok().Json;

    private static (HttpStatusCode, string?) Refusal(Reply reply) => (reply.Status, reply.Code);

    private static decimal Bill(RunningGateway gateway) => gateway.Simulator.Stats.Snapshot().Sum(stats => stats.CostUsd);

    private static List<float[]> Vectors(Reply reply) =>
        [.. reply.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray())];

    private static double Similarity(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}
