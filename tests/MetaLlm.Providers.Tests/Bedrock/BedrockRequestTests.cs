using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects.Bedrock;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Bedrock;

public sealed class BedrockRequestTests
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
    private const string HelloSent = "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hello\"}]}]";
    private const string Claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Nova = "amazon.nova-2-lite-v1:0";

    private static readonly DialectRig Bedrock = new(new BedrockDialect(TimeProvider.System));

    [Fact]
    public void A_conversation_with_tools_becomes_turns_with_cache_points_behind_what_is_marked()
    {
        var (sent, adapted) = Bedrock.Write("""
            {"model":"auto","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":500,"stop":["END"],"temperature":0.5,"top_k":4,"service_tier":"flex",
             "guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"},"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}},"strict":true},"cache_control":{"type":"ephemeral"}},
                      {"type":"function","function":{"name":"g"}}],
             "tool_choice":"required",
             "messages":[
               {"role":"system","content":"be brief"},{"role":"developer","content":[{"type":"text","text":"be kind","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
               {"role":"user","content":"one"},{"role":"user","content":[{"type":"text","text":"two"}],"cache_control":{"type":"ephemeral"}},
               {"role":"assistant","content":"let me see","reasoning_details":[{"type":"reasoning.text","text":"h"},{"type":"reasoning.text","text":"m","signature":"SIG"},{"type":"reasoning.encrypted","data":"REFUQQ=="}],
                "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"x.y:2","type":"function","function":{"name":"g","arguments":""}}]},
               {"role":"tool","tool_call_id":"call_1","content":"1.5"},{"role":"tool","tool_call_id":"x.y:2","content":[{"type":"text","text":"none","cache_control":{"type":"ephemeral"}}],"is_error":true},
               {"role":"user","content":"go on"}]}
            """, Claude);
        JsonAssert.Equal("""
            {"serviceTier":{"type":"flex"},"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"},
             "inferenceConfig":{"maxTokens":500,"temperature":0.5,"stopSequences":["END"]},
             "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"a","schema":"{\"type\":\"object\"}"}}}},
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object","properties":{"a":{"type":"number"}}}},"strict":true}},{"cachePoint":{"type":"default"}},
                {"toolSpec":{"name":"g","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}},
             "system":[{"text":"be brief"},{"text":"be kind"},{"cachePoint":{"type":"default","ttl":"1h"}}],
             "messages":[
               {"role":"user","content":[{"text":"one"},{"text":"two"},{"cachePoint":{"type":"default"}}]},
               {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"SIG"}}},{"reasoningContent":{"redactedContent":"REFUQQ=="}},{"text":"let me see"},
                 {"toolUse":{"toolUseId":"call_1","name":"f","input":{"a": 1}}},{"toolUse":{"toolUseId":"x_2ey_3a2","name":"g","input":{}}}]},
               {"role":"user","content":[
                 {"toolResult":{"toolUseId":"call_1","content":[{"text":"1.5"}]}},
                 {"toolResult":{"toolUseId":"x_2ey_3a2","content":[{"text":"none"}],"status":"error"}},
                 {"text":"go on"}]}],
             "additionalModelRequestFields":{"top_k":4}}
            """, sent);
        Assert.Empty(adapted);
    }

    [Fact]
    public void Images_and_documents_become_bytes_or_places_of_storage()
    {
        var (sent, _) = Bedrock.Write("""
            {"messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA"}},{"type":"image_url","image_url":{"url":"s3://bucket/a.webp"}},
              {"type":"file","file":{"filename":"My plan_v2 (1).pdf","file_data":"data:application/pdf;base64,BBBB"}},{"type":"file","file":{"file_data":"CCCC"}},
              {"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain,hello"}},{"type":"file","file":{"file_data":"s3://bucket/b.docx"}}]}]}
            """, Nova);
        JsonAssert.Equal("""
            [{"image":{"format":"jpeg","source":{"bytes":"AAAA"}}},{"image":{"format":"webp","source":{"s3Location":{"uri":"s3://bucket/a.webp"}}}},
             {"document":{"format":"pdf","name":"My plan v2 (1)","source":{"bytes":"BBBB"}}},{"document":{"format":"pdf","name":"document","source":{"bytes":"CCCC"}}},
             {"document":{"format":"txt","name":"a","source":{"bytes":"aGVsbG8="}}},{"document":{"format":"docx","name":"document","source":{"s3Location":{"uri":"s3://bucket/b.docx"}}}}]
            """, JsonNode.Parse(sent)!["messages"]![0]!["content"]!.ToJsonString());
    }

    [Theory]
    [InlineData(Claude, "\"max_tokens\":10000,\"reasoning_effort\":\"medium\"", """{"thinking":{"type":"enabled","budget_tokens":5000}}""", "")]
    [InlineData(Claude, "\"max_tokens\":10000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", """{"thinking":{"type":"enabled","budget_tokens":2000}}""", "")]
    [InlineData("global.anthropic.claude-opus-4-7-v1", "\"reasoning_effort\":\"high\"", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}""", "")]
    [InlineData(Claude, "\"reasoning_effort\":\"none\"", null, "")]
    [InlineData(Nova, "\"reasoning_effort\":\"xhigh\"", """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}}""", "reasoning_effort")]
    [InlineData("openai.gpt-oss-120b-1:0", "\"reasoning_effort\":\"low\"", """{"reasoning_effort":"low"}""", "")]
    [InlineData("deepseek.r1-v1:0", "\"reasoning_effort\":\"low\"", null, "reasoning_effort")]
    [InlineData("deepseek.r1-v1:0", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", null, "thinking")]
    [InlineData("openai.gpt-oss-120b-1:0", "\"reasoning_effort\":\"none\"", null, "reasoning_effort")]
    [InlineData(Nova, "\"reasoning_effort\":\"none\"", null, "")]
    [InlineData(Nova, "\"thinking\":{\"type\":\"disabled\"}", null, "")]
    [InlineData(Claude, "\"additionalModelRequestFields\":{\"thinking\":{\"type\":\"disabled\"}},\"reasoning_effort\":\"high\"", """{"thinking":{"type":"disabled"}}""", "")]
    public void Effort_is_told_in_the_words_of_the_family(string model, string member, string? expected, string adapted)
    {
        var (sent, told) = Bedrock.Write($"{{{member},{Hello}}}", model);
        Assert.Equal(expected, JsonNode.Parse(sent)!["additionalModelRequestFields"]?.ToJsonString());
        Assert.Equal(adapted, string.Join(',', told));
    }

    [Fact]
    public void A_budget_of_thinking_binds_the_limit_and_the_temperature()
    {
        var (sent, adapted) = Bedrock.Write($$$"""{"reasoning_effort":"low","temperature":0.2,{{{Hello}}}}""", Claude, new CallOptions { MaxOutputTokens = 8000 });
        JsonAssert.Equal($$$$"""{"inferenceConfig":{"maxTokens":8000},{{{{HelloSent}}}},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1600}}}""", sent);
        Assert.Equal(["temperature"], adapted);
    }

    [Fact]
    public void What_only_steers_is_left_out_and_told_and_what_says_nothing_is_left_out()
    {
        var (sent, adapted) = Bedrock.Write($$$$"""{"user":"u","seed":3,"temperature":1.5,"top_p":0.9,"n":1,"presence_penalty":0,"frequency_penalty":1,"tool_choice":"none","tools":[{"type":"function","function":{"name":"f"}}],{{{{Hello}}}}}""", Claude);
        JsonAssert.Equal($$$$"""{"inferenceConfig":{"temperature":1},{{{{HelloSent}}}}}""", sent);
        Assert.Equal(["user", "seed", "frequency_penalty", "temperature", "top_p"], adapted);
    }

    [Theory]
    [InlineData("n", """{"n":2,"messages":[]}""")]
    [InlineData("logprobs", """{"logprobs":true,"messages":[]}""")]
    [InlineData("response_format", """{"response_format":{"type":"json_object"},"messages":[]}""")]
    [InlineData("tool_choice", """{"tool_choice":"none","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:video/mp4;base64,AAAA"}}]}]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]}]}""")]
    [InlineData("additionalModelRequestFields", """{"additionalModelRequestFields":1,"messages":[]}""")]
    public void What_the_format_cannot_say_is_objected_to(string parameter, string request) => Bedrock.AssertObjects(parameter, request, Claude);
}
