using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Guardrails;

namespace MetaLlm.Gateway.Tests.Screening;

public sealed class GuardedTextTests
{
    [Fact]
    public void Every_text_of_a_request_is_seen_and_replaced_in_its_place()
    {
        var root = (JsonObject)JsonNode.Parse("""
            {"model":"auto","unknown":{"a":1.50},"messages":[
              {"role":"system","content":"one"},
              {"role":"user","content":[{"type":"text","text":"two"},{"type":"image_url","image_url":{"url":"data:image/png;base64,x"}},{"type":"text","text":"three"}]},
              {"role":"assistant","content":null,"reasoning_content":"four","reasoning_details":[{"type":"reasoning.text","text":"five","signature":"s"}],
               "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"six"}}]},
              {"role":"tool","tool_call_id":"c","content":"seven"}]}
            """)!;
        var texts = new JoinedTexts();
        foreach (var slot in TextSlots.OfRequest(root, CallKind.Chat))
        {
            texts.Add(slot);
        }

        Assert.Equal(
            ["system content one", "user content two", "user content three", "assistant reasoning four", "assistant reasoning five", "assistant arguments six", "tool content seven"],
            texts.ToTexts().Select(text => $"{text.Role} {text.Kind} {text.Text}"));
        texts.Replace([.. texts.ToTexts().Select(text => text.Text.ToUpperInvariant())]);
        var written = root.ToJsonString();
        Assert.All((string[])["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "\"unknown\":{\"a\":1.50}", "data:image/png;base64,x"], part => Assert.Contains(part, written, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"system":"BAD one","messages":[]}""")]
    [InlineData("""{"system":[{"type":"text","text":"BAD"}],"messages":[]}""")]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"BAD"}]},"messages":[]}""")]
    [InlineData("""{"additionalModelRequestFields":{"system":"BAD"},"messages":[]}""")]
    [InlineData("""{"prompt":"BAD","messages":[]}""")]
    [InlineData("""{"prediction":{"type":"content","content":"BAD"},"messages":[]}""")]
    [InlineData("""{"messages":"BAD"}""")]
    [InlineData("""{"messages":["BAD"]}""")]
    [InlineData("""{"messages":[{"role":"user","name":"BAD","content":"x"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":{"text":"BAD"}}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":["BAD"]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","data":"BAD"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"BAD","file_data":"data:application/pdf;base64,AAAA"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"some BAD text"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/plain,BAD"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"some BAD text"}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{"a":"BAD"}}}]}]}""")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"name":"a","description":"BAD","schema":{"type":"object"}}},"messages":[]}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","description":"BAD"}}],"messages":[]}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string","description":"BAD"}}}}}],"messages":[]}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"enum":["BAD"]}}}}}],"messages":[]}""")]
    [InlineData("""{"functions":[{"name":"f","description":"BAD"}],"messages":[]}""")]
    [InlineData("""{"functions":[{"name":"a BAD name"}],"messages":[]}""")]
    [InlineData("""{"metallm":{"session":"my session","expected":"BAD"},"messages":[]}""")]
    public void A_text_is_seen_and_replaced_wherever_it_stands_in_a_request(string body)
    {
        foreach (var kind in Enum.GetValues<CallKind>())
        {
            var root = (JsonObject)JsonNode.Parse(body)!;
            var texts = new JoinedTexts();
            foreach (var slot in TextSlots.OfRequest(root, kind))
            {
                texts.Add(slot);
            }

            Assert.Single(texts.ToTexts(), text => text.Text.Contains("BAD", StringComparison.Ordinal));
            texts.Replace([.. texts.ToTexts().Select(text => text.Text.Replace("BAD", "good", StringComparison.Ordinal))]);
            Assert.Equal(body.Replace("BAD", "good", StringComparison.Ordinal), root.ToJsonString());
        }
    }

    [Fact]
    public void What_is_known_to_be_no_text_is_not_looked_at()
    {
        var root = (JsonObject)JsonNode.Parse("""
            {"model":"auto","user":"u-1","service_tier":"auto","reasoning_effort":"low","modalities":["text"],"tool_choice":{"type":"function","function":{"name":"f"}},"temperature":0.5,"metallm":{"session":"my session"},
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}}}],"functions":[{"name":"f"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","required":["b"],"properties":{"b":{"type":"string"}}}}},
             "messages":[
              {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png?b=c&d=%20"}},{"type":"input_audio","input_audio":{"data":"AAA+/=","format":"wav"}},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AAA+/=","detail":"low"},"cache_control":{"type":"ephemeral","ttl":"1h"}}]},
              {"role":"assistant","content":null,"reasoning_details":[{"type":"reasoning.encrypted","id":"r","format":"anthropic-claude-v1","data":"AAAA","index":0}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}]},
              {"role":"tool","tool_call_id":"c","content":""}]}
            """)!;
        Assert.Empty(TextSlots.OfRequest(root, CallKind.Chat));
    }

    [Theory]
    [InlineData(CallKind.Completions, """{"prompt":["a","b"],"suffix":"c"}""", "a b c")]
    [InlineData(CallKind.Completions, """{"prompt":"a"}""", "a")]
    [InlineData(CallKind.Embeddings, """{"input":["a","b"]}""", "a b")]
    public void Formats_beside_chat_have_texts_too(CallKind kind, string body, string expected) =>
        Assert.Equal(expected, string.Join(' ', TextSlots.OfRequest((JsonObject)JsonNode.Parse(body)!, kind).Select(slot => slot.Text)));

    [Fact]
    public void A_stream_is_joined_by_choice_and_kind_and_rewritten_into_its_first_pieces()
    {
        var answer = new GuardedAnswer(isStream: true);
        foreach (var part in (string[])
            [
                ": comment\n\n", "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"pass\"},\"logprobs\":{\"content\":[{\"token\":\"pass\"}]}}]}\n\n",
                "data: {\"id\":\"x\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n",
                "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\",\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}}]}\n\n",
                "data: [DONE]\n\n",
            ])
        {
            answer.Add(Encoding.UTF8.GetBytes(part), isHeld: true);
        }

        Assert.True(answer.HasEnded);
        Assert.Equal(["content password", "content other", "arguments {\"a\":1}"], answer.Texts.ToTexts().Select(text => $"{text.Kind} {text.Text}"));
        var written = string.Concat(answer.Release(["******", "other", "{}"]).Select(bytes => Encoding.UTF8.GetString(bytes.Span)));
        Assert.Contains("\"content\":\"******\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", written, StringComparison.Ordinal);
        Assert.DoesNotContain("word", written, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", written, StringComparison.Ordinal);
        Assert.StartsWith(": comment\n\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_released_as_it_came_has_every_byte()
    {
        var answer = new GuardedAnswer(isStream: true);
        const string Parts = "data: {\"choices\":[{\"delta\":{\"content\":\"\\u00fc\" }}] }\n\ndata: {\"choices\":[]}\n\n";
        answer.Add(Encoding.UTF8.GetBytes(Parts), isHeld: true);
        Assert.Equal(Parts, string.Concat(answer.Release(null).Select(bytes => Encoding.UTF8.GetString(bytes.Span))));
        Assert.Empty(answer.Release(null));
    }

    [Fact]
    public void An_answer_that_is_no_json_is_a_bad_answer() =>
        Assert.Equal(ChatFailure.BadAnswer, Assert.Throws<ChatProviderException>(() => new GuardedAnswer(isStream: false).Add("[1]"u8.ToArray(), isHeld: true)).Failure);
}
