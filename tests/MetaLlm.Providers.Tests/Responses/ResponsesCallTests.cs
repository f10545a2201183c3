using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Responses;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Responses;

public sealed class ResponsesCallTests
{
    internal const string Answer = """
        {"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"model":"o","output":[
          {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"hm"},{"type":"summary_text","text":"so"}],"encrypted_content":"SEALED"},
          {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hel","annotations":[]},{"type":"output_text","text":"lo"},{"type":"refusal","refusal":"not that"}]},
          {"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}","status":"completed"}],
         "usage":{"input_tokens":130,"input_tokens_details":{"cached_tokens":100},"output_tokens":30,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":160}}
        """;

    internal static readonly string[] Events =
    [
        """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","output":[],"usage":null}}""",
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
        """{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
        """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"h"}""",
        """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"m"}""",
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"SEALED"}}""",
        """{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_1","type":"message","role":"assistant","content":[]}}""",
        """{"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"Hello"}""",
        """{"type":"response.output_item.added","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":""}}""",
        """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":"{\"a\":"}""",
        """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":"1}"}""",
        """{"type":"response.output_item.done","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}"}}""",
        """{"type":"response.output_item.added","output_index":3,"item":{"id":"fc_2","type":"function_call","call_id":"call_2","name":"g","arguments":""}}""",
        """{"type":"response.output_item.done","output_index":3,"item":{"id":"fc_2","type":"function_call","call_id":"call_2","name":"g","arguments":"{}"}}""",
        """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":130,"input_tokens_details":{"cached_tokens":100},"output_tokens":30,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":160}}}""",
    ];

    private const string Sse = "text/event-stream";

    private readonly DialectRig _responses = new(new ResponsesDialect(TimeProvider.System));

    [Fact]
    public async Task A_response_becomes_a_chat_completion_with_its_reasoning_refusal_calls_and_count()
    {
        var (completion, part) = await _responses.AskAsync(Answer);
        Assert.Equal("http://127.0.0.1:1/v1/responses", _responses.Address!.AbsoluteUri);
        Assert.Equal("Bearer secret-key", _responses.Headers["Authorization"]);
        JsonAssert.Equal("""
            {"id":"chatcmpl-d1","object":"chat.completion","model":"arm","choices":[
              {"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm\n\nso",
                "reasoning_details":[{"type":"reasoning.summary","summary":"hm","format":"openai-responses-v1","index":0},{"type":"reasoning.summary","summary":"so","format":"openai-responses-v1","index":0},
                  {"type":"reasoning.encrypted","data":"openai-responses-v1|rs_1|SEALED","format":"openai-responses-v1","index":0}],
                "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":"not that"},
               "logprobs":null,"finish_reason":"tool_calls","native_finish_reason":"completed"}],
             "usage":{"prompt_tokens":130,"completion_tokens":30,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":5}}}
            """, completion.ToJsonString());
        Assert.Equal(new TokenUsage(130, 100, 30), part.Usage);
    }

    [Fact]
    public async Task A_stream_becomes_chunks_that_end_with_the_count()
    {
        var (chunks, parts, _) = await _responses.StreamAsync(Stream(Events), Sse);
        var deltas = chunks.SkipLast(1).Select(c => c["choices"]![0]!["delta"]!).ToList();
        Assert.Equal(("assistant", "hm", "Hello"), (deltas[0]["role"]!.GetValue<string>(), Texts(deltas, "reasoning_content"), Texts(deltas, "content")));
        var pieces = deltas.Select(d => d["tool_calls"]?[0]).OfType<JsonNode>().ToList();
        Assert.Equal(["call_1", "call_2"], pieces.Select(p => p["id"]?.GetValue<string>()).OfType<string>());
        Assert.Equal(
            ["{\"a\":1}", "{}"], pieces.GroupBy(p => p["index"]!.GetValue<int>()).Select(call => string.Concat(call.Select(p => p["function"]!["arguments"]!.GetValue<string>()))));
        Assert.Equal(
            "openai-responses-v1|rs_1|SEALED", deltas.Select(d => d["reasoning_details"]?[0]?["data"]?.GetValue<string>()).OfType<string>().Single());
        Assert.Equal("tool_calls", chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal((160, 5), (chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>(), chunks[^1]["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>()));
        Assert.Equal(new TokenUsage(130, 100, 30), parts[^1].Usage);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_cut() => Assert.Equal(ChatFailure.Cut, (await _responses.FailStreamAsync(Stream(Events[..8]), Sse)).Failure);

    [Theory]
    [InlineData("server_error", ChatFailure.ServerError)]
    [InlineData("rate_limit_exceeded", ChatFailure.RateLimited)]
    [InlineData("invalid_prompt", ChatFailure.Objected)]
    [InlineData("context_length_exceeded", ChatFailure.Objected)]
    public async Task An_error_at_the_start_leaves_the_call_to_another_model_and_a_later_one_breaks_it_off(string code, ChatFailure expected)
    {
        var failed = $$$"""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"{{{code}}}","message":"no"},"output":[],"usage":null}}""";
        var error = $$$"""{"type":"error","code":"{{{code}}}","message":"no","param":null}""";
        foreach (var last in new[] { failed, error })
        {
            Assert.Equal(expected, (await _responses.FailStreamAsync(Stream([Events[0], last]), Sse)).Failure);
            Assert.Equal(ChatFailure.Cut, (await _responses.FailStreamAsync(Stream([.. Events[..8], last]), Sse)).Failure);
        }

        Assert.Equal(expected, (await _responses.FailAsync($$$"""{"id":"resp_1","object":"response","status":"failed","error":{"code":"{{{code}}}","message":"no"},"output":[],"usage":null}""")).Failure);
    }

    [Theory]
    [InlineData("max_output_tokens", "length")]
    [InlineData("content_filter", "content_filter")]
    public async Task The_reason_of_an_end_has_its_word(string reason, string expected)
    {
        var answer = Answer.Replace("\"completed\",\"error\"", "\"incomplete\",\"error\"", StringComparison.Ordinal)
            .Replace("\"incomplete_details\":null", $$"""
                "incomplete_details":{"reason":"{{reason}}"}
                """, StringComparison.Ordinal);
        var choice = (await _responses.AskAsync(answer)).Answer["choices"]![0]!;
        Assert.Equal((expected, reason), (choice["finish_reason"]!.GetValue<string>(), choice["native_finish_reason"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("reasoning.effort", "reasoning_effort")]
    [InlineData("input[2].content", "messages[2].content")]
    [InlineData("text.format.schema", "response_format")]
    [InlineData("temperature", "temperature")]
    public async Task An_objection_names_the_member_as_chat_has_it(string place, string expected)
    {
        var failure = await _responses.FailAsync($$$"""{"error":{"message":"Invalid value.","type":"invalid_request_error","param":"{{{place}}}","code":"invalid_value"}}""", 400);
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.Equal(expected, JsonNode.Parse(failure.Objection!.Body.Span)!["error"]!["param"]!.GetValue<string>());
    }

    [Fact]
    public Task Every_answer_ends_well_or_with_a_failure_that_has_a_name() => DialectFuzz.RunAsync(new ResponsesDialect(TimeProvider.System), 3000, (random, strange, stream) => stream
        ? Stream(Events.Where(_ => random.Next(20) > 0).Select(e => random.Next(10) == 0 ? strange.Change(e).Replace("\n", "", StringComparison.Ordinal) : e))
        : Encoding.UTF8.GetBytes(strange.Change(Answer)));

    private static byte[] Stream(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(e => $"event: x\ndata: {e}\n\n")));

    private static string Texts(IEnumerable<JsonNode> deltas, string member) => string.Concat(deltas.Select(d => d[member]?.GetValue<string>()));
}
