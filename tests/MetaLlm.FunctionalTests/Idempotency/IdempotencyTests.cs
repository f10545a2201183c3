using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Idempotency;

public sealed class IdempotencyTests
{
    private const string Chat = "/v1/chat/completions";

    public static TheoryData<string, string> Surfaces { get; } = new()
    {
        { Chat, """{"model":"auto","messages":[{"role":"user","content":"What is 17 * 23?"}]}""" },
        { Chat, """{"model":"auto","stream":true,"messages":[{"role":"user","content":"What is 17 * 23?"}]}""" },
        { "/v1/messages", """{"model":"auto","max_tokens":50,"messages":[{"role":"user","content":"What is 17 * 23?"}]}""" },
        { "/v1/messages", """{"model":"auto","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"What is 17 * 23?"}]}""" },
        { "/v1/responses", """{"model":"auto","input":"What is 17 * 23?"}""" },
        { "/v1/responses", """{"model":"auto","stream":true,"input":"What is 17 * 23?"}""" },
        { "/v1/embeddings", """{"model":"auto","input":["What is 17 * 23?"]}""" },
        { "/v1/completions", """{"model":"auto","prompt":"What is 17 * 23?"}""" },
    };

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task A_repeated_key_gets_the_answer_of_the_first_without_another_call_and_after_a_restart_too(string path, string body)
    {
        var gateway = await RunningGateway.StartAsync(EmbeddingsTests.Configuration());
        var first = (await PostAsync(gateway.Alpha, path, body, "one")).Ok();
        Assert.False(first.Headers.ContainsKey("x-metallm-replayed"));
        AssertSame(first, await PostAsync(gateway.Alpha, path, body, "one"));
        Assert.NotEqual(first.DecisionId, (await PostAsync(gateway.Alpha, path, body, "two")).Ok().DecisionId);
        var policy = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json;
        Assert.Equal((2, 2), (policy.GetProperty("decisions").GetInt32(), gateway.Simulator.Stats.Snapshot().Sum(stats => stats.Requests)));

        var directory = gateway.Directory;
        await gateway.StopAsync();
        await using var again = await RunningGateway.StartAsync(EmbeddingsTests.Configuration(), directory: directory);
        AssertSame(first, await PostAsync(again.Alpha, path, body, "one"));
        Assert.Equal(0, again.Simulator.Stats.Snapshot().Sum(stats => stats.Requests));
    }

    [Fact]
    public async Task A_key_belongs_to_one_request_of_one_tenant()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var first = (await PostAsync(gateway.Alpha, Chat, Body("Hello."), "one")).Ok();
        foreach (var (path, body, header) in ((string, string, (string, string)?)[])
            [(Chat, Body("Hello!"), null), ("/v1/responses", """{"model":"auto","input":"Hello."}""", null), (Chat, Body("Hello."), ("x-metallm-task", "greeting"))])
        {
            var refused = await gateway.Alpha.PostTextAsync(path, body, "application/json", [("Idempotency-Key", "one"), .. header is { } one ? [one] : Array.Empty<(string, string)>()]);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (refused.Status, refused.Code));
        }

        Assert.NotEqual(first.DecisionId, (await PostAsync(gateway.Beta, Chat, Body("Hello."), "one")).Ok().DecisionId);
        var bad = await PostAsync(gateway.Alpha, Chat, Body("Hello."), new string('k', 256));
        Assert.Equal((HttpStatusCode.BadRequest, "Idempotency-Key"), (bad.Status, bad.Error.GetProperty("param").GetString()));
        var ofMessages = await PostAsync(gateway.Alpha, "/v1/messages", """{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""", "one");
        Assert.Equal("error", ofMessages.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Requests_that_come_together_are_one_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var release = new TaskCompletionSource();
        upstream.On("model", async (http, body) =>
        {
            await release.Task;
            await ScriptedUpstream.AnswerAsync(http, body);
        });
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("model"));
        var asked = Enumerable.Range(0, 6).Select(_ => PostAsync(gateway.Alpha, Chat, Body("Hello."), "one")).ToArray();
        await Eventually.TrueAsync("the first is called", () => !upstream.Called.IsEmpty);
        release.SetResult();
        var replies = await Task.WhenAll(asked);
        Assert.All(replies, reply => Assert.Equal(replies[0].Ok().DecisionId, reply.Ok().DecisionId));
        Assert.Single(replies, reply => !reply.Headers.ContainsKey("x-metallm-replayed"));
        Assert.Single(upstream.Called);
    }

    [Fact]
    public async Task Who_waits_for_too_long_is_told_to_come_again()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var release = new TaskCompletionSource();
        upstream.On("model", async (http, body) =>
        {
            await release.Task;
            await ScriptedUpstream.AnswerAsync(http, body);
        });
        var configuration = upstream.Configure("model");
        configuration["MetaLlm"]!["idempotency"] = new JsonObject { ["waitSeconds"] = 0 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var first = PostAsync(gateway.Alpha, Chat, Body("Hello."), "one");
        await Eventually.TrueAsync("the first is called", () => !upstream.Called.IsEmpty);
        var told = await PostAsync(gateway.Alpha, Chat, Body("Hello."), "one");
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_in_progress", "1"), (told.Status, told.Code, told.Headers["Retry-After"]));
        release.SetResult();
        AssertSame((await first).Ok(), await PostAsync(gateway.Alpha, Chat, Body("Hello."), "one"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_gives_up_finds_its_answer_when_it_asks_again(bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var release = new TaskCompletionSource();
        upstream.On("model", async (http, body) =>
        {
            if (stream)
            {
                await ScriptedUpstream.BeginAsync(http);
                await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Text("Hello, "));
            }

            await release.Task;
            if (!stream)
            {
                await ScriptedUpstream.AnswerAsync(http, body);
                return;
            }

            await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Text("world.", "stop"));
            await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Usage(10, 4));
            await ScriptedUpstream.SendAsync(http, "[DONE]");
        });
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("model"));
        var body = new { model = "auto", stream, messages = new[] { new { role = "user", content = "Hello." } } };
        using (var leaving = new CancellationTokenSource())
        {
            var sending = gateway.Alpha.KeyedAsync(body, Chat, "one", leaving.Token);
            await Eventually.TrueAsync("it is called", () => !upstream.Called.IsEmpty);
            if (stream)
            {
                using var begun = await sending;
                Assert.True(await (await begun.Content.ReadAsStreamAsync()).ReadAsync(new byte[16]) > 0);
            }
            else
            {
                await leaving.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
            }
        }

        var again = PostAsync(gateway.Alpha, Chat, JsonSerializer.Serialize(body), "one");
        release.SetResult();
        var answer = (await again).Ok();
        Assert.Equal("true", answer.Headers["x-metallm-replayed"]);
        Assert.Contains(stream ? "world." : "Hello.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(stream, answer.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Single(upstream.Called);
        var decision = await gateway.Alpha.DecisionAsync(answer.DecisionId, json => json.GetProperty("settlement").ValueKind == JsonValueKind.Object);
        Assert.Equal("completed", decision.GetProperty("settlement").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_failed_was_refused_or_broke_off_is_tried_anew()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var answers = new Queue<Func<HttpContext, Task>>([
            http => ScriptedUpstream.FailAsync(http, 500),
            http => ScriptedUpstream.FailAsync(http, 400),
            async http =>
            {
                await ScriptedUpstream.BeginAsync(http);
                await ScriptedUpstream.SendAsync(http, ScriptedUpstream.Text("Hello, "));
            },
        ]);
        upstream.On("model", (http, body) => answers.TryDequeue(out var next) ? next(http) : ScriptedUpstream.AnswerAsync(http, body));
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("model"));
        const string body = """{"model":"model","stream":true,"messages":[{"role":"user","content":"Hello."}]}""";
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(gateway.Alpha, Chat, body, "one")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(gateway.Alpha, Chat, body, "one")).Status);
        var cut = (await PostAsync(gateway.Alpha, Chat, body, "one")).Ok();
        Assert.Contains("upstream_cut", cut.Text, StringComparison.Ordinal);
        var whole = (await PostAsync(gateway.Alpha, Chat, body, "one")).Ok();
        Assert.NotEqual(cut.DecisionId, whole.DecisionId);
        AssertSame(whole, await PostAsync(gateway.Alpha, Chat, body, "one"));
        Assert.Equal(4, upstream.Called.Count);
    }

    [Fact]
    public async Task A_key_says_nothing_where_nothing_is_kept_or_the_answer_is_too_long()
    {
        foreach (var (member, value, isKept) in ((string, int, bool)[])[("hours", 0, false), ("answerBytes", 1024, true)])
        {
            var configuration = EmbeddingsTests.Configuration();
            configuration["MetaLlm"]!["idempotency"] = new JsonObject { [member] = value };
            await using var gateway = await RunningGateway.StartAsync(configuration);
            var small = (await PostAsync(gateway.Alpha, Chat, Body("Hello."), "small")).Ok();
            Assert.Equal(isKept, (await PostAsync(gateway.Alpha, Chat, Body("Hello."), "small")).Ok().DecisionId == small.DecisionId);
            const string large = """{"model":"sim-embed-large","input":"Hello."}""";
            var first = (await PostAsync(gateway.Alpha, "/v1/embeddings", large, "large")).Ok();
            var second = (await PostAsync(gateway.Alpha, "/v1/embeddings", large, "large")).Ok();
            Assert.NotEqual(first.DecisionId, second.DecisionId);
            Assert.Equal(first.Text, second.Text);
        }
    }

    [Fact]
    public async Task Answers_are_deleted_with_their_tenant()
    {
        await using var gateway = await RunningGateway.StartAsync(SignUp.Configuration());
        var admin = gateway.With(TestConfiguration.AdminKey);
        var ids = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            await SignUp.CreateAsync(admin, "guest");
            var guest = gateway.With((await SignUp.KeyAsync(admin, "guest")).Key);
            ids.Add((await PostAsync(guest, Chat, Body("Hello."), "one")).Ok().DecisionId);
            AssertSame(await PostAsync(guest, Chat, Body("Hello."), "one"), await PostAsync(guest, Chat, Body("Hello."), "one"));
            (await admin.SendAsync("DELETE", "/admin/v1/tenants/guest")).Ok();
        }

        Assert.NotEqual(ids[0], ids[1]);
    }

    private static string Body(string text) => JsonSerializer.Serialize(Client.Chat(text));

    private static Task<Reply> PostAsync(Client client, string path, string body, string key) => client.PostTextAsync(path, body, "application/json", ("Idempotency-Key", key));

    private static void AssertSame(Reply first, Reply again)
    {
        Assert.Equal((first.Text, first.ContentType), (again.Ok().Text, again.ContentType));
        Assert.Equal("true", again.Headers["x-metallm-replayed"]);
        Assert.All(first.Headers.Where(header => header.Key.StartsWith("x-metallm", StringComparison.OrdinalIgnoreCase)), header => Assert.Equal(header.Value, again.Headers[header.Key]));
    }
}
