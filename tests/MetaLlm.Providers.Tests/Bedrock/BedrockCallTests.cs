using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Bedrock;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests.Bedrock;

public sealed class BedrockCallTests
{
    internal const string Answer = """
        {"output":{"message":{"role":"assistant","content":[
          {"reasoningContent":{"reasoningText":{"text":"hm","signature":"SIG"}}},{"reasoningContent":{"redactedContent":"REFUQQ=="}},{"text":"Hel"},{"text":"lo"},
          {"toolUse":{"toolUseId":"tooluse_1","name":"f","input":{"a":1}}}]}},
         "stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":30,"totalTokens":40,"cacheReadInputTokens":100,"cacheWriteInputTokens":20},"metrics":{"latencyMs":5}}
        """;

    internal static readonly (string Name, string Json)[] Events =
    [
        ("messageStart", """{"role":"assistant","p":"abc"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"h"}},"p":"ab"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"m"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"SIG"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":0}"""),
        ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"REFUQQ=="}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":1}"""),
        ("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"text":"Hello"}}"""),
        ("contentBlockStop", """{"contentBlockIndex":2}"""),
        ("contentBlockStart", """{"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"tooluse_1","name":"f"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\"a\":"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"toolUse":{"input":"1}"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":3}"""),
        ("contentBlockStart", """{"contentBlockIndex":4,"start":{"toolUse":{"toolUseId":"tooluse_2","name":"g"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":4}"""),
        ("messageStop", """{"stopReason":"tool_use"}"""),
        ("metadata", """{"usage":{"inputTokens":10,"outputTokens":30,"totalTokens":40,"cacheReadInputTokens":100,"cacheWriteInputTokens":20},"metrics":{"latencyMs":5}}"""),
    ];

    private readonly DialectRig _bedrock = new(new BedrockDialect(TimeProvider.System));

    [Fact]
    public async Task An_answer_becomes_a_chat_completion_with_its_reasoning_calls_and_price()
    {
        var (completion, part) = await _bedrock.AskAsync(Answer);
        Assert.Equal("http://127.0.0.1:1/v1/model/real-model/converse", _bedrock.Address!.AbsoluteUri);
        Assert.Equal("Bearer secret-key", _bedrock.Headers["Authorization"]);
        JsonAssert.Equal("""
            {"id":"chatcmpl-d1","object":"chat.completion","model":"arm","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm",
              "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"SIG","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"REFUQQ==","format":"anthropic-claude-v1","index":1}],
              "tool_calls":[{"id":"tooluse_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":null},"logprobs":null,"finish_reason":"tool_calls","native_finish_reason":"tool_use"}],
             "usage":{"prompt_tokens":130,"completion_tokens":30,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":20}}}
            """, completion.ToJsonString());
        Assert.Equal(new TokenUsage(130, 100, 30), part.Usage);
        Assert.Equal((10 * 1e-6) + (100 * 1e-7) + (20 * 2e-6) + (30 * 1e-5), part.InvoiceUsd!.Value, 12);
    }

    [Fact]
    public async Task A_binary_stream_becomes_server_sent_events()
    {
        var (chunks, parts, type) = await _bedrock.StreamAsync(Stream(Events), AmazonEvents.MediaType);
        Assert.Equal(("http://127.0.0.1:1/v1/model/real-model/converse-stream", "text/event-stream"), (_bedrock.Address!.AbsoluteUri, type));
        Assert.Equal(AmazonEvents.MediaType, _bedrock.Headers["Accept"]);
        var deltas = chunks.SkipLast(1).Select(c => c["choices"]![0]!["delta"]!).ToList();
        Assert.Equal(("assistant", "hm", "Hello"), (deltas[0]["role"]!.GetValue<string>(), Texts(deltas, "reasoning_content"), Texts(deltas, "content")));
        Assert.Equal(
            ["""{"type":"reasoning.text","text":"h","format":"anthropic-claude-v1","index":0}""", """{"type":"reasoning.text","text":"m","format":"anthropic-claude-v1","index":0}""",
                """{"type":"reasoning.text","signature":"SIG","format":"anthropic-claude-v1","index":0}""", """{"type":"reasoning.encrypted","data":"REFUQQ==","format":"anthropic-claude-v1","index":1}"""],
            deltas.Select(d => d["reasoning_details"]?[0]!.ToJsonString()).OfType<string>());
        var calls = deltas.Select(d => d["tool_calls"]?[0]).OfType<JsonNode>().ToLookup(c => c["index"]!.GetValue<int>());
        Assert.Equal("{\"a\":1}", string.Concat(calls[0].Select(c => c["function"]!["arguments"]!.GetValue<string>())));
        Assert.Equal("{}", string.Concat(calls[1].Select(c => c["function"]!["arguments"]!.GetValue<string>())));
        Assert.Equal(("tooluse_2", "g"), (calls[1].First()["id"]!.GetValue<string>(), calls[1].First()["function"]!["name"]!.GetValue<string>()));
        Assert.Equal("tool_calls", chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(160, chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>());
        Assert.Equal(new TokenUsage(130, 100, 30), parts[^1].Usage);
    }

    [Theory]
    [InlineData("throttlingException", """{"message":"Too many requests"}""", ChatFailure.RateLimited)]
    [InlineData("serviceUnavailableException", """{"message":"no"}""", ChatFailure.ServerError)]
    [InlineData("internalServerException", """{"message":"no"}""", ChatFailure.ServerError)]
    [InlineData("modelStreamErrorException", """{"message":"no","originalMessage":"no","originalStatusCode":400}""", ChatFailure.ServerError)]
    [InlineData("modelTimeoutException", "{}", ChatFailure.Timeout)]
    [InlineData("validationException", """{"message":"Input is too long for requested model."}""", ChatFailure.Objected)]
    [InlineData("somethingNew", "<html>", ChatFailure.ServerError)]
    public async Task An_exception_at_the_start_of_a_stream_leaves_the_call_to_another_model_and_a_later_one_breaks_it_off(string name, string json, ChatFailure expected)
    {
        var exception = AmazonEvents.Exception(name, json);
        Assert.Equal(expected, (await _bedrock.FailStreamAsync([.. Stream(Events[..1]), .. exception], AmazonEvents.MediaType)).Failure);
        Assert.Equal(ChatFailure.Cut, (await _bedrock.FailStreamAsync([.. Stream(Events[..8]), .. exception], AmazonEvents.MediaType)).Failure);
    }

    [Fact]
    public async Task A_message_of_type_error_is_an_error()
    {
        var error = AmazonEvents.Message("", (":message-type", "error"), (":error-code", "InternalError"), (":error-message", "no"));
        Assert.Equal(ChatFailure.ServerError, (await _bedrock.FailStreamAsync(error, AmazonEvents.MediaType)).Failure);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_between_or_within_messages_is_cut_and_one_that_lacks_its_count_is_not()
    {
        Assert.Equal(ChatFailure.Cut, (await _bedrock.FailStreamAsync(Stream(Events[..8]), AmazonEvents.MediaType)).Failure);
        Assert.Equal(ChatFailure.Cut, (await _bedrock.FailStreamAsync(Stream(Events[..9])[..^3], AmazonEvents.MediaType)).Failure);
        Assert.Equal(ChatFailure.BadAnswer, (await _bedrock.FailStreamAsync(Stream(Events[..1])[..7], AmazonEvents.MediaType)).Failure);
        var (chunks, _, _) = await _bedrock.StreamAsync(Stream(Events[..^1]), AmazonEvents.MediaType);
        Assert.Equal("tool_calls", chunks[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_byte_that_was_changed_anywhere_is_noticed()
    {
        var stream = Stream(Events[..8]);
        for (var at = 0; at < stream.Length; at += 3)
        {
            byte[] damaged = [.. stream];
            damaged[at] ^= 4;
            Assert.True((await _bedrock.FailStreamAsync(damaged, AmazonEvents.MediaType)).Failure is ChatFailure.BadAnswer or ChatFailure.Cut);
        }
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("guardrail_intervened", "content_filter")]
    [InlineData("content_filtered", "content_filter")]
    public async Task The_reason_of_an_end_has_its_word(string native, string expected)
    {
        var (completion, _) = await _bedrock.AskAsync(Answer.Replace("tool_use\"", $"{native}\"", StringComparison.Ordinal));
        var choice = completion["choices"]![0]!;
        Assert.Equal((expected, native), (choice["finish_reason"]!.GetValue<string>(), choice["native_finish_reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_answer_that_is_malformed_is_a_failure_with_what_was_counted()
    {
        var failure = await _bedrock.FailAsync(Answer.Replace("tool_use\"", "malformed_tool_use\"", StringComparison.Ordinal));
        Assert.Equal((ChatFailure.ServerError, new TokenUsage(130, 100, 30)), (failure.Failure, failure.Usage!.Value));
    }

    [Theory]
    [InlineData(429, "Too many requests, please wait before trying again.", ChatFailure.RateLimited, 429)]
    [InlineData(503, "no", ChatFailure.ServerError, 503)]
    [InlineData(424, "no", ChatFailure.ServerError, 424)]
    [InlineData(408, "no", ChatFailure.Timeout, 408)]
    [InlineData(403, "The security token included in the request is invalid.", ChatFailure.Refused, 403)]
    [InlineData(400, "The provided model identifier is invalid.", ChatFailure.Refused, 404)]
    [InlineData(400, "The text field in the ContentBlock object is blank.", ChatFailure.Objected, 400)]
    public async Task Statuses_mean_what_they_mean_elsewhere(int status, string message, ChatFailure expected, int means)
    {
        var failure = await _bedrock.FailAsync(JsonSerializer.Serialize(new { message }), status);
        Assert.Equal((expected, means), (failure.Failure, failure.UpstreamStatus!.Value));
    }

    [Fact]
    public async Task An_objection_reaches_the_client_in_the_form_of_chat_completions()
    {
        var failure = await _bedrock.FailAsync("""{"message":"Input is too long for requested model."}""", 400);
        var error = JsonDocument.Parse(failure.Objection!.Body).RootElement.GetProperty("error");
        Assert.Equal(("Input is too long for requested model.", "context_length_exceeded"), (error.GetProperty("message").GetString(), error.GetProperty("code").GetString()));
    }

    private static byte[] Stream(IEnumerable<(string Name, string Json)> events) => [.. events.SelectMany(e => AmazonEvents.Event(e.Name, e.Json))];

    private static string Texts(IEnumerable<JsonNode> deltas, string member) => string.Concat(deltas.Select(d => d[member]?.GetValue<string>()));
}
