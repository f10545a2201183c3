using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Gemini;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Gemini;

public sealed class GeminiCallTests
{
    internal const string Answer = """
        {"candidates":[
          {"content":{"parts":[{"text":"hm","thought":true},{"text":"Hel"},{"text":"lo","thoughtSignature":"VFhU"},{"functionCall":{"id":"fc1","name":"f","args":{"a":1}},"thoughtSignature":"U0lH"},{"functionCall":{"id":"fc2","name":"g"}}],"role":"model"},
           "finishReason":"STOP","index":0,"avgLogprobs":-0.1,"logprobsResult":{"topCandidates":[{"candidates":[{"token":"Hel","logProbability":-0.5},{"token":"Ha","logProbability":-1.5}]}],"chosenCandidates":[{"token":"Hel","tokenId":5,"logProbability":-0.5}]}},
          {"content":{"parts":[{"text":"Bye"}],"role":"model"},"finishReason":"MAX_TOKENS","index":1}],
         "usageMetadata":{"promptTokenCount":130,"cachedContentTokenCount":100,"candidatesTokenCount":25,"thoughtsTokenCount":5,"totalTokenCount":160,"promptTokensDetails":[{"modality":"TEXT","tokenCount":130}]},
         "modelVersion":"gemini-2.5-flash","responseId":"r1"}
        """;

    internal static readonly string[] Events =
    [
        """{"candidates":[{"content":{"parts":[{"text":"h","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":130,"cachedContentTokenCount":100,"thoughtsTokenCount":2,"totalTokenCount":132}}""",
        """{"candidates":[{"content":{"parts":[{"text":"m","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":130,"cachedContentTokenCount":100,"thoughtsTokenCount":5}}""",
        """{"candidates":[{"content":{"parts":[{"text":"Hello"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":130,"candidatesTokenCount":4}}""",
        """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"U0lH"},{"functionCall":{"id":"fc2","name":"g","args":{}}}],"role":"model"},"index":0}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"VFhU"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":130,"candidatesTokenCount":25,"thoughtsTokenCount":5,"totalTokenCount":160}}""",
    ];

    private const string Sse = "text/event-stream";

    private readonly DialectRig _gemini = new(new GeminiDialect(TimeProvider.System));

    [Fact]
    public async Task An_answer_becomes_a_chat_completion_with_each_candidate_thought_call_and_probability()
    {
        var (completion, part) = await _gemini.AskAsync(Answer);
        Assert.Equal("http://127.0.0.1:1/v1/models/real-model:generateContent", _gemini.Address!.AbsoluteUri);
        Assert.Equal("secret-key", _gemini.Headers["x-goog-api-key"]);
        Assert.False(_gemini.Headers.ContainsKey("Authorization"));
        JsonAssert.Equal("""
            {"id":"chatcmpl-d1","object":"chat.completion","model":"arm","choices":[
              {"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm",
                "reasoning_details":[{"type":"reasoning.text","text":"hm","format":"google-gemini-v1","index":0},{"type":"reasoning.encrypted","data":"google-gemini-v1||VFhU","format":"google-gemini-v1","index":1},
                  {"type":"reasoning.encrypted","data":"google-gemini-v1|fc1|U0lH","id":"fc1","format":"google-gemini-v1","index":2}],
                "tool_calls":[{"id":"fc1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"fc2","type":"function","function":{"name":"g","arguments":"{}"}}],"refusal":null},
               "logprobs":{"content":[{"token":"Hel","logprob":-0.5,"bytes":[72,101,108],"top_logprobs":[{"token":"Hel","logprob":-0.5,"bytes":[72,101,108]},{"token":"Ha","logprob":-1.5,"bytes":[72,97]}]}],"refusal":null},
               "finish_reason":"tool_calls","native_finish_reason":"STOP"},
              {"index":1,"message":{"role":"assistant","content":"Bye","refusal":null},"logprobs":null,"finish_reason":"length","native_finish_reason":"MAX_TOKENS"}],
             "usage":{"prompt_tokens":130,"completion_tokens":30,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":5}}}
            """, completion.ToJsonString());
        Assert.Equal(new TokenUsage(130, 100, 30), part.Usage);
    }

    [Fact]
    public async Task A_stream_becomes_chunks_that_end_with_the_count_though_it_has_no_closing_mark()
    {
        var (chunks, parts, type) = await _gemini.StreamAsync(Stream(Events), Sse);
        Assert.Equal(("http://127.0.0.1:1/v1/models/real-model:streamGenerateContent?alt=sse", Sse), (_gemini.Address!.AbsoluteUri, type));
        var deltas = chunks.SkipLast(1).Select(c => c["choices"]![0]!["delta"]!).ToList();
        Assert.Equal(("assistant", "hm", "Hello"), (deltas[0]["role"]!.GetValue<string>(), Texts(deltas, "reasoning_content"), Texts(deltas, "content")));
        var calls = deltas.Select(d => d["tool_calls"]?[0]).OfType<JsonNode>().ToList();
        Assert.Equal([(0, "f", "{\"a\":1}"), (1, "g", "{}")], calls.Select(c => (c["index"]!.GetValue<int>(), c["function"]!["name"]!.GetValue<string>(), c["function"]!["arguments"]!.GetValue<string>())));
        var id = calls[0]["id"]!.GetValue<string>();
        Assert.StartsWith("call_gemini_", id, StringComparison.Ordinal);
        Assert.Equal(
            [("h", null, 0), ("m", null, 0), (null, $"google-gemini-v1|{id}|U0lH", 1), (null, "google-gemini-v1||VFhU", 2)],
            deltas.Select(d => d["reasoning_details"]?[0]).OfType<JsonNode>().Select(d => (d["text"]?.GetValue<string>(), d["data"]?.GetValue<string>(), d["index"]!.GetValue<int>())));
        Assert.Equal("tool_calls", chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal((160, 5), (chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>(), chunks[^1]["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>()));
        Assert.Equal(new TokenUsage(130, 100, 30), parts[^1].Usage);
        Assert.Equal(130, parts.First(p => p.Usage is not null).Usage!.Value.Input);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_cut_with_the_count_so_far()
    {
        var failure = await _gemini.FailStreamAsync(Stream(Events[..3]), Sse);
        Assert.Equal((ChatFailure.Cut, 130d), (failure.Failure, failure.Usage!.Value.Input));
    }

    [Theory]
    [InlineData(503, "UNAVAILABLE", ChatFailure.ServerError)]
    [InlineData(429, "RESOURCE_EXHAUSTED", ChatFailure.RateLimited)]
    [InlineData(500, "INTERNAL", ChatFailure.ServerError)]
    public async Task An_error_at_the_start_of_a_stream_leaves_the_call_to_another_model_and_a_later_one_breaks_it_off(int code, string status, ChatFailure expected)
    {
        var error = $$$"""{"error":{"code":{{{code}}},"message":"no","status":"{{{status}}}"}}""";
        Assert.Equal(expected, (await _gemini.FailStreamAsync(Stream([error]), Sse)).Failure);
        Assert.Equal(ChatFailure.Cut, (await _gemini.FailStreamAsync(Stream([.. Events[..3], error]), Sse)).Failure);
        Assert.Equal(expected, (await _gemini.FailAsync($"[{error}]", code)).Failure);
    }

    [Theory]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("RECITATION", "content_filter")]
    [InlineData("SOMETHING_NEW", "stop")]
    public async Task The_reason_of_an_end_has_its_word(string native, string expected)
    {
        var (completion, _) = await _gemini.AskAsync(Candidate(native));
        var choice = completion["choices"]![0]!;
        Assert.Equal((expected, native), (choice["finish_reason"]!.GetValue<string>(), choice["native_finish_reason"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("UNEXPECTED_TOOL_CALL")]
    public async Task An_answer_that_is_malformed_is_a_failure_so_that_another_model_may_answer(string native)
    {
        Assert.Equal(ChatFailure.ServerError, (await _gemini.FailAsync(Candidate(native))).Failure);
        Assert.Equal(ChatFailure.ServerError, (await _gemini.FailStreamAsync(Stream([$$"""{"candidates":[{"finishReason":"{{native}}","index":0}]}"""]), Sse)).Failure);
    }

    [Fact]
    public async Task An_answer_without_candidates_is_bad_and_costs_what_it_counts()
    {
        var failure = await _gemini.FailAsync("""{"candidates":[],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":50,"totalTokenCount":150}}""");
        Assert.Equal((ChatFailure.BadAnswer, 100d, 50d), (failure.Failure, failure.Usage!.Value.Input, failure.Usage.Value.Output));
    }

    [Fact]
    public async Task A_blocked_prompt_is_an_objection()
    {
        const string Blocked = """{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}""";
        foreach (var failure in new[] { await _gemini.FailAsync(Blocked), await _gemini.FailStreamAsync(Stream([Blocked]), Sse) })
        {
            Assert.Equal((ChatFailure.Objected, 400), (failure.Failure, failure.Objection!.Status));
            Assert.Equal(9, failure.Usage!.Value.Input);
            Assert.Equal("content_filter", JsonDocument.Parse(failure.Objection.Body).RootElement.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", ChatFailure.Refused, 401)]
    [InlineData(400, "FAILED_PRECONDITION", "Please enable billing on project #1.", ChatFailure.Refused, 402)]
    [InlineData(403, "PERMISSION_DENIED", "no", ChatFailure.Refused, 403)]
    [InlineData(404, "NOT_FOUND", "models/x is not found", ChatFailure.Refused, 404)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "quota", ChatFailure.RateLimited, 429)]
    [InlineData(503, "UNAVAILABLE", "The model is overloaded.", ChatFailure.ServerError, 503)]
    [InlineData(504, "DEADLINE_EXCEEDED", "late", ChatFailure.Timeout, 504)]
    [InlineData(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", ChatFailure.Objected, 400)]
    public async Task Statuses_mean_what_they_mean_elsewhere(int status, string word, string message, ChatFailure expected, int means)
    {
        var failure = await _gemini.FailAsync(Error(status, word, message), status);
        Assert.Equal((expected, means), (failure.Failure, failure.UpstreamStatus!.Value));
    }

    [Fact]
    public async Task The_wait_that_the_body_asks_for_is_kept()
    {
        var failure = await _gemini.FailAsync("""
            {"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[
              {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}
            """, 429);
        Assert.Equal(TimeSpan.FromSeconds(34.5), failure.RetryAfter);
    }

    [Theory]
    [InlineData("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", null, "context_length_exceeded")]
    [InlineData("Invalid JSON payload received. Unknown name \"foo\": Cannot find field.", "foo", null)]
    [InlineData("* GenerateContentRequest.generation_config.max_output_tokens: must be positive", "max_tokens", null)]
    [InlineData("* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.", "messages", null)]
    public async Task An_objection_reaches_the_client_in_the_form_of_chat_completions(string message, string? parameter, string? code)
    {
        var failure = await _gemini.FailAsync(Error(400, "INVALID_ARGUMENT", message), 400);
        var error = JsonDocument.Parse(failure.Objection!.Body).RootElement.GetProperty("error");
        Assert.Equal((message, parameter, code), (error.GetProperty("message").GetString(), error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_parameter_that_the_model_does_not_take_is_left_out_and_told()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            var refused = context.Request.Headers.ContentLength > 90;
            context.Response.StatusCode = refused ? 400 : 200;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(refused ? Error(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unknown name \"seed\" at 'generation_config': Cannot find field.") : Candidate("STOP")));
        });
        var call = upstream.Call("""{"seed":12345678901234567890123456789012345678901234567890,"messages":[{"role":"user","content":"hi"}]}""");
        await using var answer = await upstream.Provider.SendAsync(call with { Endpoint = call.Endpoint with { Protocol = UpstreamEndpoint.Gemini } }, CancellationToken.None);
        Assert.Contains(answer.Headers, h => h is { Key: "x-metallm-adapted-parameters", Value: "seed" });
        Assert.DoesNotContain("seed", upstream.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_kept()
    {
        var (completion, _) = await _gemini.AskAsync("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"finishReason":"STOP"}]}""");
        Assert.Equal("data:image/png;base64,AAAA", completion["choices"]![0]!["message"]!["images"]![0]!["image_url"]!["url"]!.GetValue<string>());
    }

    internal static byte[] Stream(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(e => $"data: {e}\r\n\r\n")));

    private static string Texts(IEnumerable<JsonNode> deltas, string member) => string.Concat(deltas.Select(d => d[member]?.GetValue<string>()));

    private static string Candidate(string reason) => $$"""{"candidates":[{"content":{"parts":[{"text":"x"}],"role":"model"},"finishReason":"{{reason}}","index":0}]}""";

    private static string Error(int code, string status, string message) => JsonSerializer.Serialize(new { error = new { code, message, status } });
}
