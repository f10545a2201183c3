using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ChatResponse = Microsoft.Extensions.AI.ChatResponse;

namespace MetaLlm.Providers.Tests;

public sealed class ChatClientTests
{
    private const string Request = """{"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task A_request_becomes_messages_and_options_and_the_answer_a_chat_completion()
    {
        var client = new ScriptedChatClient
        {
            Answer = new ChatResponse(new ChatMessage(ChatRole.Assistant, [
                new TextReasoningContent("hm") { ProtectedData = "SIG" }, new TextContent("Hello"), new FunctionCallContent("c2", "f", new Dictionary<string, object?> { ["a"] = 1 })]))
            {
                Usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 20, TotalTokenCount = 120, CachedInputTokenCount = 40, ReasoningTokenCount = 5 },
            },
        };
        var (parts, raw) = await SendAsync(client, stream: false, """
            {"temperature":0.5,"top_p":0.25,"max_tokens":9,"max_completion_tokens":8,"seed":7,"stop":["a","b"],"reasoning_effort":"high","parallel_tool_calls":false,"user":"u","n":1,
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"f"}},
             "messages":[{"role":"developer","content":"brief"},{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"image_url","image_url":{"url":"https://a.example/b"}}]},
               {"role":"assistant","content":null,"reasoning_details":[{"type":"reasoning.text","text":"so","signature":"S","format":"chat-client/up"},{"type":"reasoning.text","text":"no","signature":"S","format":"other"}],
                "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":[1,2]}"}}]},
               {"role":"tool","tool_call_id":"c1","content":"done"}]}
            """);

        var options = client.Options!;
        Assert.Equal(("real-model", 0.5f, 0.25f, 8, 7L), (options.ModelId, options.Temperature!.Value, options.TopP!.Value, options.MaxOutputTokens!.Value, options.Seed!.Value));
        Assert.Equal(["a", "b"], options.StopSequences!);
        Assert.Equal((ReasoningEffort.High, false), (options.Reasoning!.Effort!.Value, options.AllowMultipleToolCalls!.Value));
        Assert.Equal("f", Assert.IsType<RequiredChatToolMode>(options.ToolMode).RequiredFunctionName);
        Assert.Equal("s", Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).SchemaName);
        Assert.Equal(("f", "d"), (options.Tools!.Single().Name, options.Tools!.Single().Description));
        Assert.IsNotType<AIFunction>(options.Tools!.Single(), exactMatch: false);
        Assert.Equal("user", options.AdditionalProperties!.Single().Key);
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool], client.Messages.Select(m => m.Role));
        Assert.Equal([typeof(TextContent), typeof(DataContent), typeof(UriContent)], client.Messages[1].Contents.Select(c => c.GetType()));
        Assert.Equal("S", client.Messages[2].Contents.OfType<TextReasoningContent>().Single().ProtectedData);
        Assert.Equal("c1", client.Messages[2].Contents.OfType<FunctionCallContent>().Single().CallId);
        Assert.Equal("done", Assert.IsType<FunctionResultContent>(client.Messages[3].Contents.Single()).Result);

        var completion = JsonNode.Parse(parts.Single())!.AsObject();
        completion.Remove("created");
        JsonAssert.Equal("""
            {"id":"chatcmpl-d1","object":"chat.completion","model":"arm","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm",
              "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"SIG","format":"chat-client/up"}],
              "tool_calls":[{"id":"c2","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":null},"logprobs":null,"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":5}}}
            """, completion.ToJsonString());
        Assert.Equal(new TokenUsage(100, 40, 20), raw.Single().Usage);
    }

    [Fact]
    public async Task Updates_become_chunks_and_a_count_that_is_hidden_from_a_client_that_did_not_ask()
    {
        var client = new ScriptedChatClient
        {
            Updates =
            [
                new ChatResponseUpdate(ChatRole.Assistant, "Hel"), new ChatResponseUpdate(ChatRole.Assistant, "lo"),
                new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?>())]),
                new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 3 })]) { FinishReason = ChatFinishReason.ToolCalls },
            ],
        };
        var (parts, raw) = await SendAsync(client, stream: true, Request);
        var chunks = string.Concat(parts).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.StartsWith("data: ", StringComparison.Ordinal)).Select(e => e[6..]).ToList();
        Assert.Equal("[DONE]", chunks[^1]);
        var choices = chunks.SkipLast(1).Select(c => JsonNode.Parse(c)!["choices"]![0]!).ToList();
        Assert.Equal("Hello", string.Concat(choices.Select(c => c["delta"]!["content"]?.GetValue<string>())));
        Assert.Equal("{}", choices[2]["delta"]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>());
        Assert.Equal("tool_calls", choices[^1]["finish_reason"]!.GetValue<string>());
        Assert.Equal(new TokenUsage(10, 0, 3), raw[^1].Usage);
        Assert.True(client.IsDisposed);
    }

    [Theory]
    [InlineData(429, ChatFailure.RateLimited)]
    [InlineData(400, ChatFailure.Objected)]
    [InlineData(401, ChatFailure.Refused)]
    [InlineData(null, ChatFailure.ServerError)]
    public async Task Failures_of_clients_mean_what_their_status_says(int? status, ChatFailure expected)
    {
        var failing = new ScriptedChatClient { Failure = status is { } code ? new HttpRequestException("secret", null, (HttpStatusCode)code) : new InvalidCastException("secret") };
        foreach (var stream in (bool[])[false, true])
        {
            var failure = await Assert.ThrowsAsync<ChatProviderException>(() => SendAsync(failing, stream, Request));
            Assert.Equal(expected, failure.Failure);
            Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_that_fails_within_its_answer_cuts_it()
    {
        var client = new ScriptedChatClient { Updates = [new ChatResponseUpdate(ChatRole.Assistant, "Hel")], Failure = new InvalidCastException() };
        Assert.Equal(ChatFailure.Cut, (await Assert.ThrowsAsync<ChatProviderException>(() => SendAsync(client, stream: true, Request))).Failure);
        Assert.True(client.IsDisposed);
    }

    [Fact]
    public async Task A_call_for_which_nobody_registered_a_client_is_refused() =>
        Assert.Equal(ChatFailure.Refused, (await Assert.ThrowsAsync<ChatProviderException>(() => SendAsync(null, stream: false, Request))).Failure);

    [Theory]
    [InlineData("n", "{\"n\":2,\"messages\":[]}")]
    [InlineData("logprobs", "{\"logprobs\":true,\"messages\":[]}")]
    [InlineData("temperature", "{\"temperature\":\"hot\",\"messages\":[]}")]
    [InlineData("tools", "{\"tools\":[{\"type\":\"custom\"}],\"messages\":[]}")]
    [InlineData("messages", "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"nowhere\"}}]}]}")]
    [InlineData("messages", "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"[\"}}]}]}")]
    public async Task What_has_no_property_is_objected_to(string parameter, string request)
    {
        var failure = await Assert.ThrowsAsync<ChatProviderException>(() => SendAsync(new ScriptedChatClient(), stream: false, request));
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.Equal(parameter, JsonDocument.Parse(failure.Objection!.Body).RootElement.GetProperty("error").GetProperty("param").GetString());
    }

    private static async Task<(List<string> Parts, List<ChatPart> Raw)> SendAsync(IChatClient? client, bool stream, string request)
    {
        var services = new ServiceCollection().AddMetaLlmProviders();
        if (client is not null)
        {
            services.AddKeyedSingleton("up", client);
        }

        await using var provider = services.BuildServiceProvider();
        var call = ScriptedUpstream.Call(stream, request);
        await using var answer = await provider.GetRequiredService<IChatProvider>().SendAsync(
            call with { Endpoint = call.Endpoint with { Protocol = UpstreamEndpoint.ChatClient }, Body = Encoding.UTF8.GetBytes(request) }, CancellationToken.None);
        return await Upstream.ReadAsync(answer);
    }
}
