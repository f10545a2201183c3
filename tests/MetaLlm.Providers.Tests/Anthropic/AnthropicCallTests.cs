using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Providers.Tests.Anthropic;

public sealed class AnthropicCallTests
{
    private const string Request = """{"messages":[{"role":"user","content":"hi"}],"metallm":{"task":"t"}}""";

    internal const string Message = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[
          {"type":"thinking","thinking":"hm","signature":"SIG"},{"type":"redacted_thinking","data":"DATA"},{"type":"text","text":"Hel"},{"type":"text","text":"lo"},
          {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}],
         "stop_reason":"tool_use","stop_sequence":null,
         "usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":30,"output_tokens_details":{"thinking_tokens":5}}}
        """;

    internal static readonly string[] Events =
    [
        """event: message_start|{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude","stop_reason":null,"usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":1}}}""",
        """event: content_block_start|{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """event: ping|{"type":"ping"}""",
        """event: content_block_delta|{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
        """event: content_block_delta|{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"SIG"}}""",
        """event: content_block_stop|{"type":"content_block_stop","index":0}""",
        """event: content_block_start|{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"DATA"}}""",
        """event: content_block_stop|{"type":"content_block_stop","index":1}""",
        """event: content_block_start|{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
        """event: content_block_delta|{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hello"}}""",
        """event: content_block_stop|{"type":"content_block_stop","index":2}""",
        """event: content_block_start|{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
        """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}""",
        """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
        """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
        """event: content_block_stop|{"type":"content_block_stop","index":3}""",
        """event: content_block_start|{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}""",
        """event: content_block_stop|{"type":"content_block_stop","index":4}""",
        """event: message_delta|{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":30}}""",
        """event: message_stop|{"type":"message_stop"}""",
    ];

    private static readonly UsagePrices Prices = new(1e-6, 1e-7, 2e-6, 1e-5, 1e-6, 1e-5);

    [Fact]
    public async Task A_message_becomes_a_chat_completion_with_its_thinking_calls_and_price()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.Headers["request-id"] = "req_1";
            return JsonAsync(context, 200, Message);
        });
        await using var answer = await upstream.Provider.SendAsync(Call(upstream, stream: false), CancellationToken.None);
        var (parts, raw) = await Upstream.ReadAsync(answer);

        Assert.Equal("/base/v1/messages", upstream.Requests.Single().Path);
        Assert.Equal("secret-key", upstream.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", upstream.Headers["anthropic-version"]);
        Assert.False(upstream.Headers.ContainsKey("Authorization"));
        Assert.Contains(answer.Headers, h => h is { Key: "request-id", Value: "req_1" });
        var completion = JsonNode.Parse(parts.Single())!.AsObject();
        Assert.True(completion["created"]!.GetValue<long>() > 0);
        completion.Remove("created");
        JsonAssert.Equal("""
            {"id":"chatcmpl-d1","object":"chat.completion","model":"arm","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm",
              "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"SIG","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"DATA","format":"anthropic-claude-v1","index":1}],
              "tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":null},"logprobs":null,"finish_reason":"tool_calls","native_finish_reason":"tool_use"}],
             "usage":{"prompt_tokens":130,"completion_tokens":30,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":20},"completion_tokens_details":{"reasoning_tokens":5}}}
            """, completion.ToJsonString());
        Assert.Equal(new TokenUsage(130, 100, 30), raw.Single().Usage);
        Assert.Equal((10 * 1e-6) + (100 * 1e-7) + (20 * 2e-6) + (30 * 1e-5), raw.Single().InvoiceUsd!.Value, 12);
    }

    [Fact]
    public async Task A_stream_becomes_chunks_and_its_count_is_hidden_from_a_client_that_did_not_ask()
    {
        await using var upstream = await Upstream.StartAsync(context => EventsAsync(context, Events));
        var (chunks, raw) = await StreamAsync(upstream, Request);
        Assert.Equal("[DONE]", chunks[^1]);
        var deltas = chunks.SkipLast(1).Select(c => JsonNode.Parse(c)!["choices"]![0]!).ToList();
        Assert.Equal("assistant", deltas[0]["delta"]!["role"]!.GetValue<string>());
        Assert.Equal("hm", deltas[1]["delta"]!["reasoning_content"]!.GetValue<string>());
        Assert.Equal(
            ["""{"type":"reasoning.text","text":"hm","format":"anthropic-claude-v1","index":0}""", """{"type":"reasoning.text","signature":"SIG","format":"anthropic-claude-v1","index":0}""", """{"type":"reasoning.encrypted","data":"DATA","format":"anthropic-claude-v1","index":1}"""],
            deltas.Select(d => d["delta"]!["reasoning_details"]?[0]!.ToJsonString()).OfType<string>());
        Assert.Equal("Hello", string.Concat(deltas.Select(d => d["delta"]!["content"]?.GetValue<string>())));
        var calls = deltas.Select(d => d["delta"]!["tool_calls"]?[0]).OfType<JsonNode>().ToLookup(c => c["index"]!.GetValue<int>());
        Assert.Equal("{\"a\":1}", string.Concat(calls[0].Select(c => c["function"]!["arguments"]!.GetValue<string>())));
        Assert.Equal("{}", string.Concat(calls[1].Select(c => c["function"]!["arguments"]!.GetValue<string>())));
        Assert.Equal(("toolu_2", "g"), (calls[1].First()["id"]!.GetValue<string>(), calls[1].First()["function"]!["name"]!.GetValue<string>()));
        Assert.Equal("tool_calls", deltas[^1]["finish_reason"]!.GetValue<string>());
        Assert.DoesNotContain(chunks, c => c.Contains("usage", StringComparison.Ordinal));
        Assert.Equal(new TokenUsage(130, 100, 30), raw[^1].Usage);
    }

    [Fact]
    public async Task A_stream_tells_its_count_to_a_client_that_asks_and_the_prompts_from_its_start_on()
    {
        await using var upstream = await Upstream.StartAsync(context => EventsAsync(context, Events));
        var (chunks, raw) = await StreamAsync(upstream, """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""");
        var told = Assert.Single(chunks.SkipLast(1), c => JsonNode.Parse(c)!["usage"] is not null);
        Assert.Equal(160, JsonNode.Parse(told)!["usage"]!["total_tokens"]!.GetValue<int>());
        Assert.Empty(JsonNode.Parse(told)!["choices"]!.AsArray());
        Assert.Equal(130, raw.First(r => r.Usage is not null).Usage!.Value.Input);
    }

    [Theory]
    [InlineData("overloaded_error", ChatFailure.ServerError)]
    [InlineData("rate_limit_error", ChatFailure.RateLimited)]
    [InlineData("api_error", ChatFailure.ServerError)]
    [InlineData("authentication_error", ChatFailure.Refused)]
    public async Task An_error_at_the_start_of_a_stream_leaves_the_call_to_another_model(string type, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(context =>
            EventsAsync(context, [Events[0], $"event: error|{{\"type\":\"error\",\"error\":{{\"type\":\"{type}\",\"message\":\"no\"}}}}"]));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await upstream.Provider.SendAsync(Call(upstream, stream: true), CancellationToken.None));
        Assert.Equal(expected, failure.Failure);
        Assert.Equal(130, failure.Usage?.Input);
    }

    [Fact]
    public async Task An_error_within_a_stream_breaks_it_off()
    {
        await using var upstream = await Upstream.StartAsync(context =>
            EventsAsync(context, [.. Events[..10], """event: error|{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""]));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => StreamAsync(upstream, Request));
        Assert.Equal(ChatFailure.Cut, failure.Failure);
    }

    [Fact]
    public async Task A_stream_that_ends_before_its_message_does_is_cut_with_the_count_of_its_prompt_and_an_estimate_of_its_text()
    {
        await using var upstream = await Upstream.StartAsync(context => EventsAsync(context, Events[..10]));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => StreamAsync(upstream, Request));
        Assert.Equal((ChatFailure.Cut, 130d), (failure.Failure, failure.Usage!.Value.Input));
        Assert.True(failure.Usage.Value.Output > 1, "What is said of the answer's length at its start is no count of it.");
    }

    [Theory]
    [InlineData(529, "overloaded_error", "Overloaded", ChatFailure.ServerError, 529)]
    [InlineData(429, "rate_limit_error", "slow", ChatFailure.RateLimited, 429)]
    [InlineData(401, "authentication_error", "key", ChatFailure.Refused, 401)]
    [InlineData(404, "not_found_error", "model: claude-x", ChatFailure.Refused, 404)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", ChatFailure.Refused, 402)]
    [InlineData(413, "request_too_large", "too large", ChatFailure.Objected, 413)]
    [InlineData(400, "invalid_request_error", "messages.0.content: bad", ChatFailure.Objected, 400)]
    public async Task Statuses_mean_what_they_mean_elsewhere(int status, string type, string message, ChatFailure expected, int means)
    {
        await using var upstream = await Upstream.StartAsync(context => JsonAsync(context, status, Error(type, message)));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await upstream.Provider.SendAsync(Call(upstream, stream: false), CancellationToken.None));
        Assert.Equal((expected, means), (failure.Failure, failure.UpstreamStatus!.Value));
    }

    [Theory]
    [InlineData("prompt is too long: 210000 tokens > 200000 maximum", null, "context_length_exceeded")]
    [InlineData("messages.0.content.0: image too large", "messages", null)]
    public async Task An_objection_reaches_the_client_in_the_form_of_chat_completions(string message, string? parameter, string? code)
    {
        await using var upstream = await Upstream.StartAsync(context => JsonAsync(context, 400, Error("invalid_request_error", message)));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await upstream.Provider.SendAsync(Call(upstream, stream: false), CancellationToken.None));
        var error = JsonDocument.Parse(failure.Objection!.Body).RootElement.GetProperty("error");
        Assert.Equal((message, "invalid_request_error", parameter, code), (error.GetProperty("message").GetString(), error.GetProperty("type").GetString(), error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_parameter_that_the_model_no_longer_takes_is_left_out_and_told()
    {
        await using var upstream = await Upstream.StartAsync(context =>
            context.Request.Headers.ContentLength > 130 ? JsonAsync(context, 400, Error("invalid_request_error", "`temperature` is deprecated for this model.")) : JsonAsync(context, 200, Message));
        var call = Call(upstream, stream: false) with { Body = Encoding.UTF8.GetBytes("""{"temperature":0.123456789012345678901234567890,"messages":[{"role":"user","content":"hi"}]}""") };
        await using var answer = await upstream.Provider.SendAsync(call, CancellationToken.None);
        Assert.Contains(answer.Headers, h => h is { Key: "x-metallm-adapted-parameters", Value: "temperature" });
        Assert.DoesNotContain("temperature", upstream.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_tokens", "length")]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("refusal", "content_filter")]
    [InlineData("model_context_window_exceeded", "length")]
    public async Task The_reason_of_an_end_has_its_word(string native, string expected)
    {
        await using var upstream = await Upstream.StartAsync(context => JsonAsync(context, 200, Message.Replace("\"stop_reason\":\"tool_use\"", $"\"stop_reason\":\"{native}\"", StringComparison.Ordinal)));
        await using var answer = await upstream.Provider.SendAsync(Call(upstream, stream: false), CancellationToken.None);
        var (parts, _) = await Upstream.ReadAsync(answer);
        var choice = JsonNode.Parse(parts.Single())!["choices"]![0]!;
        Assert.Equal((expected, native), (choice["finish_reason"]!.GetValue<string>(), choice["native_finish_reason"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}", ChatFailure.ServerError)]
    [InlineData("{\"type\":\"message\",\"content\":[],\"stop_reason\":\"end_turn\"}", ChatFailure.BadAnswer)]
    [InlineData("{\"type\":\"message\",\"content\":[1,null,{\"type\":7}],\"stop_reason\":8,\"usage\":9}", ChatFailure.BadAnswer)]
    [InlineData("{\"a\\ud800\":1}", ChatFailure.BadAnswer)]
    [InlineData("[]", ChatFailure.BadAnswer)]
    [InlineData("<html>", ChatFailure.BadAnswer)]
    public async Task An_answer_that_is_none_is_a_failure(string body, ChatFailure expected)
    {
        await using var upstream = await Upstream.StartAsync(context => JsonAsync(context, 200, body));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await upstream.Provider.SendAsync(Call(upstream, stream: false), CancellationToken.None));
        Assert.Equal(expected, failure.Failure);
    }

    [Fact]
    public async Task Headers_and_query_of_upstream_and_model_go_with_every_request_and_the_models_win()
    {
        await using var upstream = await Upstream.StartAsync(context => JsonAsync(context, 200, Message));
        var call = Call(upstream, stream: false);
        call = call with
        {
            Endpoint = call.Endpoint with { KeyHeader = "Authorization", Headers = [new("anthropic-beta", "a"), new("x-team", "t")], Query = [new("q", "1 2"), new("r", "3")] },
            Options = call.Options with { Headers = [new("Anthropic-Beta", "b")], Query = [new("r", "4")] },
        };
        await using var answer = await upstream.Provider.SendAsync(call, CancellationToken.None);
        Assert.Equal(("b", "t", "Bearer secret-key", "?q=1%202&r=4"), (upstream.Headers["anthropic-beta"], upstream.Headers["x-team"], upstream.Headers["Authorization"], upstream.Query));
    }

    internal static async Task EventsAsync(HttpContext context, IEnumerable<string> events)
    {
        foreach (var e in events)
        {
            await Upstream.EventAsync(context, e.Replace("|", "\ndata: ", StringComparison.Ordinal) + "\n\n");
        }
    }

    private static ChatCall Call(Upstream upstream, bool stream)
    {
        var call = upstream.Call(Request, stream);
        return call with { Endpoint = call.Endpoint with { Protocol = UpstreamEndpoint.Anthropic }, Options = new CallOptions { Prices = Prices } };
    }

    private static async Task<(List<string> Chunks, List<ChatPart> Raw)> StreamAsync(Upstream upstream, string request)
    {
        await using var answer = await upstream.Provider.SendAsync(Call(upstream, stream: true) with { Body = Encoding.UTF8.GetBytes(request) }, CancellationToken.None);
        var (parts, raw) = await Upstream.ReadAsync(answer);
        return ([.. string.Concat(parts).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.StartsWith("data: ", StringComparison.Ordinal)).Select(e => e[6..])], raw);
    }

    private static async Task JsonAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private static string Error(string type, string message) =>
        JsonSerializer.Serialize(new { type = "error", error = new { type, message }, request_id = "req_1" });
}
