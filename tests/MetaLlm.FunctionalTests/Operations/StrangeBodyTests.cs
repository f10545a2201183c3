using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>Whatever a client sends, it is never the gateway that fails.</summary>
public sealed class StrangeBodyTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Feedback = "/v1/feedback";
    private const string WarmStart = "/v1/tenants/alpha/warm-start";
    private const string Quiz = "/v1/tenants/alpha/arms/sim-coder/quiz";
    private const string Lines = "application/x-ndjson";

    private const string ChatBody = """
        {"model":"auto","stream":false,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"u"}}]}],
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"response_format":{"type":"json_object"},"stream_options":{"include_usage":true},
        "metallm":{"task":"t","dial":{"quality":1,"cost":1,"latency":1},"max_cost_usd":1,"allow":["sim-nano"]},"metadata":{"a":{"b":1}}}
        """;

    private const string FeedbackBody = """
        {"decision_id":"dec-1","reward":1,"weight":0.5,"label":"l","comment":"c","idempotency_key":"k","usage":{"prompt_tokens":1,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":1}},"cost_usd":0.1,"latency_ms":5}
        """;

    private const string Line = """
        {"query":"q","task":"t","input_tokens":5,"outcomes":{"sim-nano":{"reward":1,"output_tokens":4,"latency_ms":3},"sim-lingo":{"reward":0,"cost_usd":0.1},"sim-coder":{"reward":0.5,"input_tokens":4,"cached_tokens":1,"output_tokens":4}}}
        """;

    private RunningGateway _gateway = null!;

    /// <summary>Bodies with a name that is half of a UTF-16 pair, at the root and far inside, for every endpoint that takes JSON.</summary>
    public static TheoryData<string, string> NamesThatAreNoText { get; } = new()
    {
        { Chat, """{"\ud800":1,"model":"auto","messages":[{"role":"user","content":"x"}]}""" },
        { Chat, """{"model":"auto","messages":[{"role":"user","content":"x"}],"metadata":{"\ud800":1}}""" },
        { Chat, """{"model":"auto","messages":[{"role":"user","content":"x","a":[{"b":{"c\udfff":1}}]}]}""" },
        { "/v1/route", """{"model":"auto","messages":[{"role":"user","content":"x"}],"metadata":{"\ud800":1}}""" },
        { Feedback, """{"\ud800":1}""" },
        { Feedback, """[{"decision_id":"d","reward":1,"\ud800":1}]""" },
        { Feedback, """{"items":[{"decision_id":"d","reward":1,"usage":{"\ud800":1}}]}""" },
        { WarmStart, """{"query":"q","outcomes":{"\ud800":{}}}""" },
        { Quiz, """{"query":"q","outcomes":{"sim-coder":{"\ud800":1}}}""" },
    };

    public async Task InitializeAsync()
    {
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        _gateway = await RunningGateway.StartAsync(configuration);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(NamesThatAreNoText))]
    public async Task A_member_name_that_is_no_text_is_refused(string path, string body)
    {
        var reply = await PostAsync(path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (reply.Status, reply.Code));
        Assert.Contains("half of a UTF-16 pair", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "is a number")]
    [InlineData("[]", "is a list")]
    [InlineData("\"\\ud800\"", "half of a UTF-16 pair")]
    public async Task A_response_format_whose_type_is_no_text_is_refused_by_name(string type, string problem)
    {
        var reply = await PostAsync(Chat, $$$"""{"model":"auto","messages":[{"role":"user","content":"x"}],"response_format":{"type":{{{type}}}}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (reply.Status, reply.Code));
        Assert.Equal("response_format.type", reply.Error.GetProperty("param").GetString());
        Assert.Contains(problem, reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"auto","messages":[{"role":"user","content":"x"}],"user":"\ud800"}""")]
    [InlineData("""{"model":"auto","messages":[{"role":"user","content":"x","a":[{"b":"c\udfff"}]}]}""")]
    public async Task A_text_that_is_none_is_the_clients_fault_and_not_the_models(string body)
    {
        var reply = await PostAsync(Chat, body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("label")]
    [InlineData("comment")]
    [InlineData("idempotency_key")]
    public async Task A_text_that_not_every_store_can_keep_is_refused_by_name(string field)
    {
        var id = (await _gateway.Alpha.ChatAsync("x")).Ok().DecisionId;
        var reply = await PostAsync(Feedback, $$"""[{"decision_id":"{{id}}","reward":1,"{{field}}":"a\u0000"}]""");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (reply.Status, reply.Code));
        Assert.Equal("[0]." + field, reply.Error.GetProperty("param").GetString());
        Assert.Contains("U+0000", reply.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json.GetProperty("feedback_count").GetInt32());
    }

    [Theory]
    [InlineData("ffffffffffffffff")]
    [InlineData("-1")]
    [InlineData("zz")]
    public async Task A_chunk_without_a_sound_size_is_the_clients_fault(string size)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Feedback} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TestConfiguration.AlphaKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        Assert.Contains("\"code\":\"bad_request\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, ChatBody, 1, 120)]
    [InlineData("/v1/route", ChatBody, 1, 80)]
    [InlineData(Feedback, FeedbackBody, 1, 120)]
    [InlineData(WarmStart, Line, 8, 40)]
    [InlineData(Quiz, Line, 2, 40)]
    public async Task Strange_json_never_makes_the_gateway_fail(string path, string template, int lines, int bodies)
    {
        var strange = new StrangeJson(seed: 20_260_301, oneIn: 20);
        var statuses = new HashSet<HttpStatusCode>();
        for (var i = 0; i < bodies; i++)
        {
            var body = string.Join('\n', Enumerable.Range(0, lines).Select(_ => strange.Change(template)));
            var reply = await PostAsync(path, body);
            Assert.True(reply.Status != HttpStatusCode.InternalServerError, $"{reply.Text} for {body}");
            statuses.Add(reply.Status);
        }

        Assert.Contains(HttpStatusCode.BadRequest, statuses);
    }

    private Task<Reply> PostAsync(string path, string body) => path is WarmStart or Quiz
        ? _gateway.With(TestConfiguration.AdminKey).PostTextAsync(path, body, Lines)
        : _gateway.Alpha.PostTextAsync(path, body);
}
