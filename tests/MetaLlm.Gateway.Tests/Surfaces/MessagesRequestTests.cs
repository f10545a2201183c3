using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Messages;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Gateway.Tests.Surfaces;

/// <summary>What a request of Anthropic's format becomes in chat.</summary>
public sealed class MessagesRequestTests
{
    [Theory]
    [InlineData("""{"role":"user","content":"Hi"}""", """{"role":"user","content":"Hi"}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"Hi"}]}""", """{"role":"user","content":"Hi"}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}""",
        """{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}},{"type":"image","source":{"type":"url","url":"https://x.example/i.png"}}]}""",
        """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aW1n"}},{"type":"image_url","image_url":{"url":"https://x.example/i.png"}}]}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"document","title":"Lease","context":"Signed.","source":{"type":"base64","media_type":"application/pdf","data":"cGRm"}}]}""",
        """{"role":"user","content":[{"type":"text","text":"Signed."},{"type":"file","file":{"filename":"Lease","file_data":"data:application/pdf;base64,cGRm"}}]}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"document","title":"Lease","source":{"type":"text","media_type":"text/plain","data":"Rent is due."}},{"type":"text","text":"When?"}]}""",
        """{"role":"user","content":[{"type":"text","text":"Lease\nRent is due."},{"type":"text","text":"When?"}]}""")]
    [InlineData(
        """{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"redacted_thinking","data":"eA=="},{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"look","input":{"at": "it"}}]}""",
        """{"role":"assistant","content":"I look.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"c2ln","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"eA==","format":"anthropic-claude-v1","index":1}],"reasoning_content":"Hm.","tool_calls":[{"id":"t1","type":"function","function":{"name":"look","arguments":"{\"at\": \"it\"}"}}]}""")]
    [InlineData(
        """{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":""},{"type":"tool_use","id":"t1","name":"look","input":{},"caller":{"type":"direct"}}]}""",
        """{"role":"assistant","content":null,"reasoning_details":[{"type":"reasoning.text","text":"Hm.","index":0}],"reasoning_content":"Hm.","tool_calls":[{"id":"t1","type":"function","function":{"name":"look","arguments":"{}"}}]}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"Nothing."},{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"It broke."}]},{"type":"tool_result","tool_use_id":"t3"},{"type":"text","text":"Go on."}]}""",
        """{"role":"tool","tool_call_id":"t1","content":"Nothing."},{"role":"tool","tool_call_id":"t2","content":"Error: It broke."},{"role":"tool","tool_call_id":"t3","content":""},{"role":"user","content":"Go on."}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}}]}]}""",
        """{"role":"tool","tool_call_id":"t1","content":[{"type":"text","text":"Error:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aW1n"}}]}""")]
    [InlineData("""{"role":"system","content":"Be brief."}""", """{"role":"system","content":"Be brief."}""")]
    public void A_turn_becomes_messages(string turn, string messages) =>
        AssertJson($"[{messages}]", Translate($$"""{"model":"auto","max_tokens":5,"messages":[{{turn}}]}""")["messages"]!);

    [Theory]
    [InlineData("\"system\":\"Be brief.\"", """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}""")]
    [InlineData(
        """ "system":[{"type":"text","text":"Be"},{"type":"text","text":"brief.","cache_control":{"type":"ephemeral"}}] """,
        """{"messages":[{"role":"system","content":[{"type":"text","text":"Be"},{"type":"text","text":"brief.","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Hi"}]}""")]
    [InlineData("\"system\":[]", """{"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("\"stream\":true", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("\"stop_sequences\":[\"a\",\"b\"],\"metadata\":{\"user_id\":\"u\"},\"service_tier\":\"standard_only\"", """{"stop":["a","b"],"user":"u","service_tier":"default"}""")]
    [InlineData("\"temperature\":0.5,\"top_k\":3,\"unheard_of\":{\"a\":1}", """{"temperature":0.5,"top_k":3,"unheard_of":{"a":1}}""")]
    [InlineData("\"temperature\":null", "{}")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}", """{"thinking":{"type":"enabled","budget_tokens":4096},"reasoning_effort":"low"}""")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":16384}", """{"thinking":{"type":"enabled","budget_tokens":16384},"reasoning_effort":"medium"}""")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":16385}", """{"thinking":{"type":"enabled","budget_tokens":16385},"reasoning_effort":"high"}""")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", """{"thinking":{"type":"adaptive"},"reasoning_effort":"high"}""")]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}", """{"thinking":{"type":"adaptive"},"reasoning_effort":"xhigh"}""")]
    [InlineData(
        """ "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}} """,
        """{"response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}}""")]
    [InlineData(
        """ "tools":[{"name":"look","description":"Looks.","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"},"type":"custom","eager_input_streaming":true}],"tool_choice":{"type":"any","disable_parallel_tool_use":true} """,
        """{"tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object"}},"cache_control":{"type":"ephemeral"}}],"tool_choice":"required","parallel_tool_calls":false}""")]
    [InlineData("\"tool_choice\":{\"type\":\"tool\",\"name\":\"look\"}", """{"tool_choice":{"type":"function","function":{"name":"look"}}}""")]
    [InlineData("\"tool_choice\":{\"type\":\"none\"}", """{"tool_choice":"none"}""")]
    public void A_member_becomes_what_chat_calls_it(string member, string expected)
    {
        var whole = JsonNode.Parse("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
        {
            whole[name] = value?.DeepClone();
        }

        AssertJson(whole.ToJsonString(), Translate($$"""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"Hi"}],{{member}}}"""));
    }

    [Theory]
    [InlineData("""{"model":"auto","messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"auto","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("""{"model":"auto","max_tokens":5}""", "messages")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[]}""", "messages")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"tool","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":[]}]}""", "messages[0].content")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x","name":"n"}]}""", "messages[0].name")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""", "messages[0].content[0].source.type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"\"","data":"f"}}]}]}""", "messages[0].content[0].source.media_type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":[{"type":"search_result"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":[{"type":"document","citations":{"enabled":true},"source":{"type":"url","url":"u"}}]}]}""", "messages[0].content[0].citations.enabled")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"server_tool_use"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"i","name":"n"}]}]}""", "messages[0].content[0].input")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"system":7}""", "system")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", "tools[0].type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"n","input_schema":{},"defer_loading":true}]}""", "tools[0].defer_loading")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"some"}}""", "tool_choice.type")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled"}}""", "thinking.budget_tokens")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"some"}}""", "output_config.effort")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"mcp_servers":[{"type":"url","url":"https://a.example","name":"a"}]}""", "mcp_servers")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"inference_geo":"us"}""", "inference_geo")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"n":2}""", "n")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"metadata":{"name":"n"}}""", "metadata.name")]
    [InlineData("""{"model":"auto","max_tokens":5,"messages":[{"role":"user","content":"x"}],"service_tier":"fast"}""", "service_tier")]
    public void What_chat_has_no_form_for_is_refused_by_name(string body, string field)
    {
        var error = Assert.Throws<ApiException>(() => Translate(body)).Error;
        Assert.Equal((ErrorCode.InvalidValue, field), (error.Code, error.Param));
    }

    private static JsonNode Translate(string body)
    {
        using var document = JsonDocument.Parse(body);
        var chat = new ArrayBufferWriter<byte>();
        var needs = new NativeNeeds(UpstreamEndpoint.Anthropic);
        MessagesRequest.Write(document.RootElement, chat, needsLimit: true, needs);
        return needs.IsAny ? throw needs.Refusal : JsonNode.Parse(chat.WrittenSpan)!;
    }

    private static void AssertJson(string expected, JsonNode found) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), found), $"{expected}\n{found.ToJsonString()}");
}
