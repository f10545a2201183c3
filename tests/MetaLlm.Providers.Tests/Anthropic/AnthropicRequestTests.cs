using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Anthropic;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Anthropic;

public sealed class AnthropicRequestTests
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
    private const string HelloSent = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}]";

    [Fact]
    public void A_conversation_with_tools_becomes_turns_that_alternate()
    {
        var (sent, adapted) = Write("""
            {"model":"auto","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":500,"stop":"END","user":"u1","temperature":0.5,"top_k":4,
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}},"strict":true},"cache_control":{"type":"ephemeral"}},
                      {"type":"function","function":{"name":"g"}}],
             "tool_choice":"required","parallel_tool_calls":false,
             "messages":[
               {"role":"system","content":"be brief"},{"role":"developer","content":[{"type":"text","text":"be kind","cache_control":{"type":"ephemeral"}}]},
               {"role":"user","content":"one"},{"role":"user","content":[{"type":"text","text":"two"}],"cache_control":{"type":"ephemeral"}},
               {"role":"assistant","content":"let me see","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"x.y:2","type":"function","function":{"name":"g","arguments":""}}]},
               {"role":"tool","tool_call_id":"call_1","content":"1.5"},{"role":"tool","tool_call_id":"x.y:2","content":[{"type":"text","text":"none"}],"is_error":true},
               {"role":"user","content":"go on"}]}
            """);
        JsonAssert.Equal("""
            {"model":"claude-sonnet-4-5","stream":true,"max_tokens":500,"stop_sequences":["END"],"metadata":{"user_id":"u1"},"temperature":0.5,"top_k":4,
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{"type":"number"}}},"strict":true,"cache_control":{"type":"ephemeral"}},
                      {"name":"g","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true},
             "system":[{"type":"text","text":"be brief"},{"type":"text","text":"be kind","cache_control":{"type":"ephemeral"}}],
             "messages":[
               {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two","cache_control":{"type":"ephemeral"}}]},
               {"role":"assistant","content":[{"type":"text","text":"let me see"},{"type":"tool_use","id":"call_1","name":"f","input":{"a": 1}},{"type":"tool_use","id":"x_2ey_3a2","name":"g","input":{}}]},
               {"role":"user","content":[
                 {"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"1.5"}]},
                 {"type":"tool_result","tool_use_id":"x_2ey_3a2","content":[{"type":"text","text":"none"}],"is_error":true},
                 {"type":"text","text":"go on"}]}]}
            """, sent);
        Assert.Empty(adapted);
    }

    [Fact]
    public void Images_and_documents_become_sources()
    {
        var (sent, adapted) = Write("""
            {"messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},{"type":"file","file":{"file_data":"data:text/plain;base64,aGVsbG8="}},
              {"type":"text","text":""}]}]}
            """);
        JsonAssert.Equal("""
            [{"role":"user","content":[
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}},
              {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"},"title":"a.pdf"},
              {"type":"document","source":{"type":"text","media_type":"text/plain","data":"hello"}}]}]
            """, JsonNode.Parse(sent)!["messages"]!.ToJsonString());
        Assert.Equal(["image_url.detail"], adapted);
    }

    [Fact]
    public void Thinking_goes_back_signed_whole_or_in_pieces_and_that_of_other_models_stays_behind()
    {
        var (sent, _) = Write("""
            {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"tick tock","reasoning_details":[
              {"type":"reasoning.text","text":"tick","format":"anthropic-claude-v1","index":0},{"type":"reasoning.text","text":" tock","index":0},{"type":"reasoning.text","signature":"S1","index":0},
              {"type":"reasoning.encrypted","data":"D","format":"anthropic-claude-v1"},{"type":"reasoning.text","text":"other","signature":"X","format":"google-gemini-v1"},
              {"type":"reasoning.encrypted","data":"E","format":"openai-responses-v1"},{"type":"reasoning.summary","summary":"s"},
              {"type":"reasoning.text","text":"whole","signature":"S2"}]},{"role":"user","content":"c"}]}
            """);
        JsonAssert.Equal("""
            [{"type":"thinking","thinking":"tick tock","signature":"S1"},{"type":"redacted_thinking","data":"D"},{"type":"thinking","thinking":"whole","signature":"S2"},{"type":"text","text":"b"}]
            """, JsonNode.Parse(sent)!["messages"]![1]!["content"]!.ToJsonString());
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", "medium", 10_000, "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}}")]
    [InlineData("claude-opus-4-20250514", "low", 1500, "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}}")]
    [InlineData("claude-3-7-sonnet-20250219", "high", 100_000, "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":32000}}")]
    [InlineData("claude-sonnet-4-5-20250929", "none", 10_000, "{}")]
    [InlineData("claude-opus-4-6", "high", 10_000, "{\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}}")]
    [InlineData("anthropic/claude-opus-4.8", "minimal", 10_000, "{\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}}")]
    [InlineData("claude-sonnet-5", "xhigh", 900, "{\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"xhigh\"}}")]
    [InlineData("claude-haiku-5-5", "none", 10_000, "{\"thinking\":{\"type\":\"disabled\"}}")]
    public void Effort_is_a_budget_for_older_models_and_adaptive_for_newer_ones(string model, string effort, int limit, string expected)
    {
        var (sent, adapted) = Write($"{{\"reasoning_effort\":\"{effort}\",\"max_tokens\":{limit},{Hello}}}", model);
        var members = JsonNode.Parse(sent)!.AsObject();
        JsonAssert.Equal(expected, new JsonObject(members.Where(m => m.Key is "thinking" or "output_config").Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))).ToJsonString());
        Assert.Empty(adapted);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"high\",\"max_tokens\":1024", "reasoning_effort", "{\"max_tokens\":1024}")]
    [InlineData("\"reasoning_effort\":\"high\",\"max_tokens\":9000,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\"", "reasoning_effort", "{\"max_tokens\":9000,\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"}}")]
    [InlineData("\"reasoning_effort\":\"low\",\"temperature\":0.2,\"max_tokens\":8000", "temperature", "{\"max_tokens\":8000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1600}}")]
    [InlineData("\"temperature\":1.7", "temperature", "{\"max_tokens\":16384,\"temperature\":1}")]
    [InlineData("\"temperature\":0.3,\"top_p\":0.5", "top_p", "{\"max_tokens\":16384,\"temperature\":0.3}")]
    [InlineData("\"temperature\":0.3,\"top_p\":1", null, "{\"max_tokens\":16384,\"temperature\":0.3}")]
    [InlineData("\"seed\":7,\"frequency_penalty\":0.5,\"presence_penalty\":0", "seed,frequency_penalty", "{\"max_tokens\":16384}")]
    [InlineData("\"n\":1,\"logprobs\":false,\"logit_bias\":{},\"modalities\":[\"text\"],\"response_format\":{\"type\":\"text\"},\"store\":false,\"top_logprobs\":null", null, "{\"max_tokens\":16384}")]
    [InlineData("\"metadata\":{\"user_id\":\"m\",\"b\":\"c\"},\"user\":\"u\"", "metadata", "{\"max_tokens\":16384,\"metadata\":{\"user_id\":\"m\"}}")]
    [InlineData("\"service_tier\":\"flex\"", "service_tier", "{\"max_tokens\":16384}")]
    [InlineData("\"service_tier\":\"default\"", null, "{\"max_tokens\":16384,\"service_tier\":\"standard_only\"}")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"temperature\":1,\"max_tokens\":4000", null, "{\"max_tokens\":4000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"reasoning_effort\":\"low\",\"max_tokens\":4000", null, "{\"max_tokens\":4000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}")]
    [InlineData("\"output_config\":{\"effort\":\"low\"},\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"type\":\"object\"}}}", null, "{\"max_tokens\":16384,\"output_config\":{\"effort\":\"low\",\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}}")]
    [InlineData("\"tool_choice\":\"none\",\"parallel_tool_calls\":false", null, "{\"max_tokens\":16384}")]
    [InlineData("\"container\":\"c1\",\"something_new\":{\"a\":[1]}", null, "{\"max_tokens\":16384,\"container\":\"c1\",\"something_new\":{\"a\":[1]}}")]
    public void Members_are_carried_changed_and_told_or_neutral(string members, string? adapted, string expected)
    {
        var (sent, told) = Write($"{{{members},{Hello}}}");
        JsonAssert.Equal($"{expected[..^1]},\"model\":\"claude-sonnet-4-5\",{HelloSent}}}", sent);
        Assert.Equal(adapted?.Split(',') ?? [], told);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"signature\":\"SIG\",\"format\":\"anthropic-claude-v1\"}]", true)]
    public void Thinking_within_a_budget_needs_that_of_the_turn_under_way(string reasoning, bool thinks)
    {
        var (sent, told) = Write($$$"""
            {"thinking":{"type":"enabled","budget_tokens":2000},"max_tokens":4000,"messages":[{"role":"user","content":"Hello"},
             {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]{{{reasoning}}}},{"role":"tool","tool_call_id":"a","content":"x"}]}
            """);
        Assert.Equal(thinks, JsonNode.Parse(sent)!.AsObject().ContainsKey("thinking"));
        Assert.Equal(thinks ? [] : ["thinking"], told);
    }

    [Theory]
    [InlineData("n", "\"n\":2")]
    [InlineData("logprobs", "\"logprobs\":true")]
    [InlineData("top_logprobs", "\"top_logprobs\":3")]
    [InlineData("logit_bias", "\"logit_bias\":{\"1\":5}")]
    [InlineData("modalities", "\"modalities\":[\"text\",\"audio\"]")]
    [InlineData("audio", "\"audio\":{\"voice\":\"v\"}")]
    [InlineData("response_format", "\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData("functions", "\"functions\":[]")]
    [InlineData("tools", "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]")]
    [InlineData("tool_choice", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"allowed_tools\"}")]
    [InlineData("max_tokens", "\"max_tokens\":\"many\"")]
    [InlineData("reasoning_effort", "\"reasoning_effort\":\"heroic\"")]
    public void What_the_format_has_no_word_for_is_objected_to(string parameter, string members) => AssertObjects(parameter, $"{{{members},{Hello}}}");

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:image/tiff;base64,AA"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"function","name":"f","content":"x"}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"[1]"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"a\":\"\ud800\"}"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""")]
    [InlineData("""{"messages":"hello"}""")]
    [InlineData("""{"messages":["hello"]}""")]
    [InlineData("""{}""")]
    public void Messages_that_the_format_cannot_hold_are_objected_to(string request) => AssertObjects("messages", request);

    [Fact]
    public void The_limit_of_an_answer_is_the_requests_else_the_models_and_no_more_than_caps_set_aside()
    {
        Assert.Equal(8, Limit("\"max_tokens\":9,\"max_completion_tokens\":8,", new CallOptions { MaxOutputTokens = 4 }));
        Assert.Equal(4, Limit("", new CallOptions { MaxOutputTokens = 4 }));
        Assert.Equal(1000, Limit("", new CallOptions { ContextTokens = 1000 }));
        Assert.Equal(16_384, Limit("", new CallOptions { ContextTokens = 200_000 }));

        static int Limit(string members, CallOptions options) => JsonNode.Parse(Write($"{{{members}{Hello}}}", options: options).Sent)!["max_tokens"]!.GetValue<int>();
    }

    private static void AssertObjects(string parameter, string request)
    {
        var failure = Assert.Throws<ChatProviderException>(() => Write(request));
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.True(failure.NeverSent);
        Assert.Equal(400, failure.Objection!.Status);
        var error = JsonDocument.Parse(failure.Objection.Body).RootElement.GetProperty("error");
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.StartsWith($"'{parameter}' ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static (string Sent, IReadOnlyList<string> Adapted) Write(string request, string model = "claude-sonnet-4-5", CallOptions? options = null)
    {
        var call = ScriptedUpstream.Call(stream: false, request) with { Model = model, Options = options ?? CallOptions.None };
        var sent = new AnthropicDialect(TimeProvider.System).Write(call, RequestBody.For(call, Cures.None));
        return (Encoding.UTF8.GetString(sent.Bytes.Span), sent.Adapted);
    }
}
