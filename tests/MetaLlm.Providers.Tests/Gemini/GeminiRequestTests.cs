using System.Text.Json.Nodes;
using MetaLlm.Providers.Dialects.Gemini;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Gemini;

public sealed class GeminiRequestTests
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

    private static readonly DialectRig Gemini = new(new GeminiDialect(TimeProvider.System));

    [Fact]
    public void A_conversation_with_tools_becomes_contents_with_results_by_the_name_of_their_tool()
    {
        var (sent, adapted) = Gemini.Write("""
            {"model":"auto","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":500,"max_tokens":600,"stop":"END","temperature":0.5,"top_p":0.9,"top_k":4,"seed":7,"n":2,
             "logprobs":true,"top_logprobs":3,"presence_penalty":0.1,"frequency_penalty":0,"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}}},"cache_control":{"type":"ephemeral"}},
                      {"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "messages":[
               {"role":"system","content":"be brief"},{"role":"developer","content":[{"type":"text","text":"be kind","cache_control":{"type":"ephemeral"}}]},
               {"role":"user","content":"one"},{"role":"user","content":[{"type":"text","text":"two"}]},
               {"role":"assistant","content":"let me see","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"call_gemini_7","type":"function","function":{"name":"g","arguments":""}}]},
               {"role":"tool","tool_call_id":"call_1","content":"{\"b\": 2}"},{"role":"tool","tool_call_id":"call_gemini_7","content":[{"type":"text","text":"no"},{"type":"text","text":"ne"}],"is_error":true},
               {"role":"user","content":"go on"}]}
            """, "gemini-2.5-flash");
        JsonAssert.Equal("""
            {"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
             "generationConfig":{"temperature":0.5,"topP":0.9,"topK":4,"seed":7,"candidateCount":2,"presencePenalty":0.1,"responseLogprobs":true,"logprobs":3,"maxOutputTokens":500,"stopSequences":["END"],
               "responseMimeType":"application/json","responseJsonSchema":{"type":"object"}},
             "tools":[{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"number"}}}},{"name":"g"}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
             "systemInstruction":{"parts":[{"text":"be brief"},{"text":"be kind"}]},
             "contents":[
               {"role":"user","parts":[{"text":"one"},{"text":"two"}]},
               {"role":"model","parts":[{"text":"let me see"},{"functionCall":{"id":"call_1","name":"f","args":{"a": 1}}},{"functionCall":{"name":"g","args":{}}}]},
               {"role":"user","parts":[
                 {"functionResponse":{"id":"call_1","name":"f","response":{"b": 2}}},
                 {"functionResponse":{"name":"g","response":{"error":"none"}}},
                 {"text":"go on"}]}]}
            """, sent);
        Assert.Empty(adapted);
    }

    [Fact]
    public void Media_go_inline_or_by_their_address()
    {
        var (sent, _) = Gemini.Write("""
            {"messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},{"type":"file","file":{"file_data":"CCCC"}},{"type":"file","file":{"file_data":"data:text/plain,hello"}},
              {"type":"file","file":{"file_id":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},{"type":"input_audio","input_audio":{"data":"DDDD","format":"mp3"}}]}]}
            """, "gemini-2.5-flash");
        JsonAssert.Equal("""
            [{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"fileData":{"mimeType":"image/png","fileUri":"https://a.example/b.png"}},
             {"inlineData":{"mimeType":"application/pdf","data":"BBBB"}},{"inlineData":{"mimeType":"application/pdf","data":"CCCC"}},{"inlineData":{"mimeType":"text/plain","data":"aGVsbG8="}},
             {"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},{"inlineData":{"mimeType":"audio/mp3","data":"DDDD"}}]
            """, JsonNode.Parse(sent)!["contents"]![0]!["parts"]!.ToJsonString());
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"low\"", """{"thinkingBudget":1024,"includeThoughts":true}""", "")]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"none\"", """{"thinkingBudget":0,"includeThoughts":false}""", "")]
    [InlineData("gemini-2.5-pro", "\"reasoning_effort\":\"none\"", """{"thinkingBudget":128,"includeThoughts":false}""", "reasoning_effort")]
    [InlineData("gemini-2.5-pro", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":3000}", """{"thinkingBudget":3000,"includeThoughts":true}""", "")]
    [InlineData("gemini-3-flash-preview", "\"reasoning_effort\":\"medium\"", """{"thinkingLevel":"medium","includeThoughts":true}""", "")]
    [InlineData("gemini-3-pro-preview", "\"reasoning_effort\":\"minimal\"", """{"thinkingLevel":"low","includeThoughts":true}""", "reasoning_effort")]
    [InlineData("gemini-flash-latest", "\"thinking\":{\"type\":\"disabled\"}", """{"thinkingLevel":"minimal","includeThoughts":false}""", "thinking")]
    [InlineData("gemini-2.0-flash", "\"reasoning_effort\":\"high\"", null, "reasoning_effort")]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"high\",\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":5}}", """{"thinkingBudget":5}""", "")]
    public void Effort_is_a_level_or_a_budget(string model, string member, string? expected, string adapted)
    {
        var (sent, told) = Gemini.Write($"{{{member},{Hello}}}", model);
        Assert.Equal(expected, JsonNode.Parse(sent)!["generationConfig"]!["thinkingConfig"]?.ToJsonString());
        Assert.Equal(adapted, string.Join(',', told));
    }

    [Fact]
    public void A_signature_goes_back_with_its_part_whatever_format_it_travelled_in()
    {
        var signed = $$$"""
            {"messages":[{"role":"user","content":"q"},
              {"role":"assistant","content":"hm","reasoning_content":"thought","reasoning_details":[{"type":"reasoning.text","text":"thought","format":"google-gemini-v1"},
                {"type":"reasoning.encrypted","data":"{{{GeminiReasoning.Pack("c|1", "U0lH")}}}","format":"anthropic-claude-v1"},{"type":"reasoning.encrypted","data":"{{{GeminiReasoning.Pack("", "VFhU")}}}"},
                {"type":"reasoning.encrypted","data":"T1RI","id":"c2","format":"google-gemini-v1"},{"type":"reasoning.text","text":"x","signature":"CLAUDE","format":"anthropic-claude-v1"}],
               "tool_calls":[{"id":"c|1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]}]}
            """;
        JsonAssert.Equal("""
            [{"text":"hm"},{"text":"","thoughtSignature":"VFhU"},{"functionCall":{"id":"c|1","name":"f","args":{}},"thoughtSignature":"U0lH"},{"functionCall":{"id":"c2","name":"f","args":{}},"thoughtSignature":"T1RI"}]
            """, JsonNode.Parse(Gemini.Write(signed, "gemini-3-pro").Sent)!["contents"]![1]!["parts"]!.ToJsonString());
    }

    [Fact]
    public void Calls_of_another_model_are_marked_so_for_models_that_want_signatures()
    {
        const string Foreign = """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}]}""";
        JsonAssert.Equal(
            """[{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"id":"b","name":"f","args":{}}}]""",
            JsonNode.Parse(Gemini.Write(Foreign, "gemini-3-pro").Sent)!["contents"]![0]!["parts"]!.ToJsonString());
        Assert.DoesNotContain("thoughtSignature", Gemini.Write(Foreign, "gemini-2.5-pro").Sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"tool_choice\":\"none\"", "NONE")]
    [InlineData("\"tool_choice\":\"auto\"", "AUTO")]
    [InlineData("\"tool_choice\":\"required\"", "ANY")]
    [InlineData("\"parallel_tool_calls\":true", "VALIDATED", "true")]
    public void Which_tools_are_to_be_used_has_its_word(string member, string mode, string strict = "false")
    {
        var (sent, _) = Gemini.Write($"{{{member},\"tools\":[{{\"type\":\"function\",\"function\":{{\"name\":\"f\",\"strict\":{strict}}}}}],{Hello}}}", "gemini-2.5-flash");
        Assert.Equal(mode, JsonNode.Parse(sent)!["toolConfig"]!["functionCallingConfig"]!["mode"]!.GetValue<string>());
    }

    [Fact]
    public void What_only_steers_is_left_out_and_told_and_what_says_nothing_is_left_out()
    {
        var (sent, adapted) = Gemini.Write($$"""{"user":"u","metadata":{"a":"b"},"store":true,"service_tier":"flex","verbosity":"low","n":1,"logprobs":false,"top_logprobs":0,"presence_penalty":0,"logit_bias":{},{{Hello}}}""", "gemini-2.5-flash");
        JsonAssert.Equal("""{"generationConfig":{},"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""", sent);
        Assert.Equal(["user", "metadata", "store", "service_tier", "verbosity"], adapted);
    }

    [Theory]
    [InlineData("logit_bias", """{"logit_bias":{"1":2}}""")]
    [InlineData("modalities", """{"modalities":["audio"]}""")]
    [InlineData("functions", """{"functions":[]}""")]
    [InlineData("response_format", """{"response_format":{"type":"grammar"},"messages":[]}""")]
    [InlineData("tools", """{"tools":[{"type":"web_search"}]}""")]
    [InlineData("reasoning_effort", """{"reasoning_effort":"much","messages":[]}""")]
    [InlineData("max_tokens", """{"max_tokens":1.5,"messages":[]}""")]
    [InlineData("messages", """{"messages":[{"role":"tool","tool_call_id":"a","content":"x"}]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""")]
    [InlineData("messages", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"a\":\"\ud800\"}"}}]}]}""")]
    public void What_the_format_cannot_say_is_objected_to(string parameter, string request) => Gemini.AssertObjects(parameter, request, "gemini-2.5-flash");
}
