using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Conversations;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tests;

public sealed class TranscriptReaderTests
{
    private const string Question = """{"role":"user","content":"What is the weather in Rome?"}""";
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"c1","content":"Sunny."}""";
    private const string Answer = """{"role":"assistant","content":"It is sunny."}""";
    private const string Next = """{"role":"user","content":"And in Oslo?"}""";
    private const string Thought = """{"role":"assistant","content":"It is sunny.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"abc"}]}""";

    [Fact]
    public void What_comes_before_the_last_answer_is_all_that_the_turn_before_asked()
    {
        var (first, second, third) = (Read(Question), Read(Question, Call, Result), Read(Question, Call, Result, Answer, Next));
        Assert.Equal(0UL, first.Prefix);
        Assert.Equal(first.Whole, second.Prefix);
        Assert.Equal(second.Whole, third.Prefix);
        Assert.Equal(3, new[] { first.Whole, second.Whole, third.Whole }.Distinct().Count());
        Assert.True(third.PrefixTokens > second.PrefixTokens && second.PrefixTokens > 0);
        Assert.NotEqual(first.Whole, Read(Next).Whole);
        Assert.NotEqual(first.Whole, Read([Question], tenant: "other").Whole);
    }

    [Fact]
    public void Marks_that_move_reasoning_that_is_left_out_and_parts_in_place_of_a_text_change_no_conversation()
    {
        var plain = Read(Question, Thought, Next);
        var marked = Read(
            """{"role":"user","content":[{"type":"text","text":"What is the weather in Rome?","cache_control":{"type":"ephemeral"}}]}""", Answer, Next);
        Assert.Equal((plain.Prefix, plain.Whole), (marked.Prefix, marked.Whole));
        Assert.Equal(0, plain.MarkedTokens);
        Assert.InRange(marked.MarkedTokens, 1, marked.PrefixTokens + 1);
        var image = """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,a"}CACHE}]}""";
        Assert.Equal(Read(image.Replace("CACHE", "", StringComparison.Ordinal)).Whole, Read(image.Replace("CACHE", ""","cache_control":{}""", StringComparison.Ordinal)).Whole);
        Assert.NotEqual(Read(image.Replace("CACHE", "", StringComparison.Ordinal)).Whole, Read(image.Replace("data:,a", "data:,b", StringComparison.Ordinal).Replace("CACHE", "", StringComparison.Ordinal)).Whole);
    }

    [Theory]
    [InlineData(ConversationHold.None, Question)]
    [InlineData(ConversationHold.ToolResult, Question, Call, Result)]
    [InlineData(ConversationHold.ToolResult, Question, Call, Result, Next)]
    [InlineData(ConversationHold.None, Question, Call, Result, Answer, Next)]
    [InlineData(ConversationHold.Reasoning, Question, Thought)]
    [InlineData(ConversationHold.None, Question, Thought, Next)]
    [InlineData(ConversationHold.ToolResult | ConversationHold.Reasoning, Question, Thought, Result)]
    public void What_is_open_is_a_tools_result_or_reasoning_that_no_new_question_has_closed(ConversationHold hold, params string[] messages) =>
        Assert.Equal(hold, Read(messages).Hold);

    [Fact]
    public void A_session_names_a_conversation_and_a_cache_key_does_together_with_what_was_asked_first()
    {
        Assert.Equal(0UL, Read(Question).Key);
        var named = Read([Question], session: "s1");
        Assert.Equal(named.Key, Read([Next], session: "s1").Key);
        Assert.NotEqual(named.Key, Read([Question], session: "s2").Key);
        Assert.NotEqual(named.Key, Read([Question], session: "s1", tenant: "other").Key);
        var keyed = Read([Question], cacheKey: "k");
        Assert.Equal(keyed.Key, Read([Question, Answer, Next], cacheKey: "k").Key);
        Assert.NotEqual(keyed.Key, Read([Next], cacheKey: "k").Key);
        Assert.Equal(named.Key, Read([Question], session: "s1", cacheKey: "k").Key);
    }

    [Fact]
    public void The_query_is_one_question_as_it_is_and_of_several_the_first_and_the_last_ones_the_newest_at_the_end()
    {
        Assert.Equal("What is the weather in Rome?", Query(Question));
        Assert.Equal("What is the weather in Rome?\nAnd in Oslo?", Query(Question, Answer, Next));
        var talk = Enumerable.Range(0, 9).Select(i => $$"""{"role":"user","content":"Question {{i}}."}""").ToArray();
        Assert.Equal("Question 0.\nQuestion 5.\nQuestion 6.\nQuestion 7.\nQuestion 8.", Query(talk));
        var words = string.Join(' ', Enumerable.Repeat("word", 400));
        var words2 = JsonSerializer.Serialize(new { role = "user", content = words });
        Assert.Equal(words, Query(Question, words2));
        var cut = Query(words2, Next);
        Assert.EndsWith("\nAnd in Oslo?", cut, StringComparison.Ordinal);
        Assert.InRange(cut.Length, 100, 300);
    }

    private static string Query(params string[] messages)
    {
        using var document = Document(messages, null);
        using var transcript = new TranscriptReader("acme", document.RootElement, 0);
        return Conversation.Read(new JsonObjectReader(document.RootElement, string.Empty), transcript).Query;
    }

    private static ConversationTurn Read(params string[] messages) => Read(messages, session: null);

    private static ConversationTurn Read(string[] messages, string? session = null, string? cacheKey = null, string tenant = "acme")
    {
        using var document = Document(messages, cacheKey);
        using var transcript = new TranscriptReader(tenant, document.RootElement, 0);
        Conversation.Read(new JsonObjectReader(document.RootElement, string.Empty), transcript);
        return transcript.ToTurn(session);
    }

    private static JsonDocument Document(string[] messages, string? cacheKey)
    {
        var body = new JsonObject { ["messages"] = new JsonArray([.. messages.Select(message => JsonNode.Parse(message))]) };
        if (cacheKey is not null)
        {
            body["prompt_cache_key"] = cacheKey;
        }

        return JsonDocument.Parse(body.ToJsonString());
    }
}
