using MetaLlm.Providers.Dialects.Responses;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Responses;

public sealed class ResponsesRequestTests
{
    private readonly DialectRig _responses = new(new ResponsesDialect(TimeProvider.System));

    [Fact]
    public void Messages_become_items_of_which_reasoning_goes_back_under_its_own_id()
    {
        var (sent, adapted) = _responses.Write("""
            {"messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},
                {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},{"type":"file","file":{"file_data":"https://a.example/b.pdf"}}]},
              {"role":"assistant","content":"Look","refusal":"not that","reasoning_content":"hm",
               "reasoning_details":[{"type":"reasoning.summary","summary":"hm","format":"openai-responses-v1"},{"type":"reasoning.encrypted","data":"openai-responses-v1|rs_1|SEALED"},
                 {"type":"reasoning.encrypted","data":"RAW","id":"rs_2","format":"openai-responses-v1"},{"type":"reasoning.encrypted","data":"CLAUDE","format":"anthropic-claude-v1"}],
               "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"sunny"}]}
            """, "o");
        JsonAssert.Equal("""
            {"model":"o","store":false,"include":["reasoning.encrypted_content"],"input":[
              {"type":"message","role":"system","content":"Be brief."},
              {"type":"message","role":"user","content":[{"type":"input_text","text":"See"},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"},
                {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},{"type":"input_file","file_url":"https://a.example/b.pdf"}]},
              {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"SEALED"},{"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"RAW"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Look"},{"type":"refusal","refusal":"not that"}]},
              {"type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}"},
              {"type":"function_call_output","call_id":"call_1","output":"sunny"}]}
            """, sent);
        Assert.Empty(adapted);
    }

    [Fact]
    public void Members_have_their_other_names_and_those_that_only_steer_are_left_out_and_told()
    {
        var (sent, adapted) = _responses.Write("""
            {"messages":[],"max_tokens":200,"max_completion_tokens":100,"reasoning_effort":"low","verbosity":"high","seed":1,"store":true,"temperature":0.5,"stream":true,"stream_options":{"include_usage":true},
             "user":"u","metadata":{"a":"b"},"n":1,"frequency_penalty":0,"parallel_tool_calls":false,"prediction":{"type":"content","content":"x"},"thinking":{"type":"enabled","budget_tokens":2000},
             "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d"}}],"tool_choice":{"type":"function","function":{"name":"f"}}}
            """, "o");
        JsonAssert.Equal("""
            {"model":"o","temperature":0.5,"stream":true,"user":"u","metadata":{"a":"b"},"parallel_tool_calls":false,"store":false,"include":["reasoning.encrypted_content"],"max_output_tokens":100,
             "reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"high","format":{"type":"json_schema","name":"answer","strict":true,"schema":{"type":"object"}}},
             "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":false}],"tool_choice":{"type":"function","name":"f"},"input":[]}
            """, sent);
        Assert.Equal(["seed", "store", "prediction"], adapted);
    }

    [Theory]
    [InlineData("stop", "\"stop\":[\"x\"]")]
    [InlineData("n", "\"n\":2")]
    [InlineData("logprobs", "\"logprobs\":true")]
    [InlineData("logit_bias", "\"logit_bias\":{\"1\":1}")]
    [InlineData("functions", "\"functions\":[{\"name\":\"f\"}]")]
    [InlineData("modalities", "\"modalities\":[\"audio\"]")]
    [InlineData("web_search_options", "\"web_search_options\":{}")]
    [InlineData("tools", "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]")]
    [InlineData("messages", "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{}}]}]")]
    [InlineData("messages", "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]")]
    [InlineData("messages", "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]")]
    public void What_it_has_no_word_for_is_an_objection(string parameter, string member) =>
        _responses.AssertObjects(parameter, member.StartsWith("\"messages", StringComparison.Ordinal) ? $"{{{member}}}" : $"{{\"messages\":[],{member}}}", "o");
}
