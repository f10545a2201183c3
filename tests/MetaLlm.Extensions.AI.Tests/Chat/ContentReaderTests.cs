using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Extensions.AI.Chat;

namespace MetaLlm.Extensions.AI.Tests.Chat;

public sealed class ContentReaderTests
{
    [Fact]
    public void A_whole_answer_is_read_with_its_calls_and_its_count()
    {
        var reader = new ContentReader();
        Read(reader, """
            {"choices":[{"message":{"role":"assistant","content":"Let me look.","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":20,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":12},"completion_tokens_details":{"reasoning_tokens":3}}}
            """);

        Assert.Equal("Let me look.", Assert.IsType<TextContent>(Assert.Single(reader.Take())).Text);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(reader.TakeCalls()));
        Assert.Equal(("a", "weather", "Bonn"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, reader.ToFinishReason());
        var usage = reader.ToUsage()!;
        Assert.Equal((20L, 7L, 27L, 12L, 3L), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public void Pieces_of_calls_are_put_together()
    {
        var reader = new ContentReader();
        Read(reader, """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\""}}]}}]}""");
        Read(reader, """{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":""}},{"index":0,"function":{"arguments":":1}"}}]}}]}""");

        Assert.Empty(reader.Take());
        var calls = reader.TakeCalls().Cast<FunctionCallContent>().ToList();
        Assert.Equal(["a one", "b two"], calls.Select(call => $"{call.CallId} {call.Name}"));
        Assert.Equal("1", calls[0].Arguments!["x"]!.ToString());
        Assert.Null(calls[1].Exception);
    }

    [Fact]
    public void Arguments_that_are_no_JSON_are_told_with_the_call()
    {
        var reader = new ContentReader();
        Read(reader, """{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"one","arguments":"{half"}}]}}]}""");

        Assert.NotNull(Assert.IsType<FunctionCallContent>(Assert.Single(reader.TakeCalls())).Exception);
    }

    [Fact]
    public async Task Signed_reasoning_goes_back_to_its_model_as_it_came()
    {
        var reader = new ContentReader();
        foreach (var detail in (string[])[
            """{"type":"reasoning.text","text":"First ","format":"anthropic-claude-v1"}""",
            """{"type":"reasoning.text","text":"this.","format":"anthropic-claude-v1"}""",
            """{"type":"reasoning.text","signature":"s-1","format":"anthropic-claude-v1"}"""])
        {
            Read(reader, """{"choices":[{"delta":{"reasoning_details":[""" + detail + "]}}]}");
        }

        Assert.Equal(
            """[{"type":"reasoning.text","text":"First this.","signature":"s-1","format":"anthropic-claude-v1"}]""",
            (await BackAsync(reader))["reasoning_details"]!.ToJsonString());
    }

    [Fact]
    public async Task Encrypted_reasoning_goes_back_to_its_model_with_its_summary()
    {
        var reader = new ContentReader();
        Read(reader, """{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.summary","summary":"Thought.","format":"openai-responses-v1","id":"rs_1"},{"type":"reasoning.encrypted","data":"xyz","format":"openai-responses-v1","id":"rs_1"}]}}]}""");

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                [{"type":"reasoning.summary","summary":"Thought.","format":"openai-responses-v1","id":"rs_1"},
                 {"type":"reasoning.encrypted","data":"xyz","format":"openai-responses-v1","id":"rs_1"}]
                """),
            (await BackAsync(reader))["reasoning_details"]));
    }

    [Fact]
    public void Reasoning_that_nobody_wants_back_is_left_out()
    {
        var body = Write(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm.") { ProtectedData = "of another library" }, new TextReasoningContent("So."), new TextContent("Yes.")]));
        Assert.Equal("""{"role":"assistant","content":"Yes."}""", body.ToJsonString());
    }

    /// <summary>The message that was read, put together from updates as callers do, and written for the next request.</summary>
    private static async Task<JsonNode> BackAsync(ContentReader reader)
    {
        var updates = reader.Take().Select(content => new ChatResponseUpdate(ChatRole.Assistant, [content]) { MessageId = "m" });
        var response = await updates.ToAsyncEnumerable().ToChatResponseAsync();
        return Write(Assert.Single(response.Messages));
    }

    private static JsonNode Write(ChatMessage message) => JsonNode.Parse(ChatBody.Write([message], null, stream: false))!["messages"]![0]!;

    private static void Read(ContentReader reader, string json) => reader.Read(Encoding.UTF8.GetBytes(json));
}
