using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Tests;

public sealed class PromptTextTests
{
    private const string Hello = """{"role":"user","content":"Hello"}""";

    [Theory]
    [InlineData("", "", Hello, Hello)]
    [InlineData("Be brief.", "", Hello, """{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}""")]
    [InlineData("Be brief.", "", """{"role":"developer","content":"Rhyme."},{"role":"user","content":"Hello"}""", """{"role":"developer","content":"Be brief.\n\nRhyme."},{"role":"user","content":"Hello"}""")]
    [InlineData("Be brief.", "", """{"role":"system","content":[{"type":"text","text":"Rhyme.","cache_control":{"type":"ephemeral"}}]}""", """{"role":"system","content":[{"type":"text","text":"Be brief.\n\n"},{"type":"text","text":"Rhyme.","cache_control":{"type":"ephemeral"}}]}""")]
    [InlineData("", "Notes.", Hello, """{"role":"user","content":"Notes.\n\nHello"}""")]
    [InlineData("", "Notes.", """{"role":"user","name":"x","content":[{"type":"image_url","image_url":{"url":"u"}}]}""", """{"role":"user","name":"x","content":[{"type":"text","text":"Notes.\n\n"},{"type":"image_url","image_url":{"url":"u"}}]}""")]
    [InlineData("", "Notes.", """{"role":"user","content":"A"},{"role":"user","content":"B"},{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","content":"C"}""", """{"role":"user","content":"A"},{"role":"user","content":"Notes.\n\nB"},{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","content":"C"}""")]
    [InlineData("Be brief.", "Notes.", """{"role":"system","content":"Rhyme."},{"role":"user","content":"Hello"}""", """{"role":"system","content":"Be brief.\n\nRhyme."},{"role":"user","content":"Notes.\n\nHello"}""")]
    [InlineData("Be brief.", "Notes.", """{"role":"assistant","content":"Hello"}""", """{"role":"system","content":"Be brief.\n\nNotes."},{"role":"assistant","content":"Hello"}""")]
    [InlineData("", "Notes.", """{"role":"system","content":"Rhyme."}""", """{"role":"system","content":"Notes.\n\nRhyme."}""")]
    [InlineData("", "„Ü“ \"quoted\"\n", Hello, """{"role":"user","content":"„Ü“ \"quoted\"\n\n\nHello"}""")]
    public void Text_stands_before_what_it_belongs_to(string instructions, string retrieved, string messages, string expected)
    {
        var call = Call($$"""{"seed":12345678901234567890,"messages":[{{messages}}],"z":1.0}""", instructions, retrieved);
        Assert.Equal($$"""{"seed":12345678901234567890,"messages":[{{expected}}],"z":1.0}""", Encoding.UTF8.GetString(PromptText.Add(call).Body.Span));
    }

    [Fact]
    public void A_request_without_messages_has_no_place_for_it()
    {
        var failure = Assert.Throws<ChatProviderException>(() => PromptText.Add(Call("""{"prompt":"x"}""", "Be brief.", "")));
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.True(failure.NeverSent);
    }

    [Fact]
    public void The_clients_own_bytes_do_not_pass_by_what_is_added()
    {
        var call = Call("{\"messages\":[" + Hello + "]}", "Be brief.", "") with { Native = new NativeRequest(UpstreamEndpoint.Anthropic, "{}"u8.ToArray(), "msg_") };
        Assert.Null(PromptText.Add(call).Native);
        Assert.NotNull(PromptText.Add(call with { Options = CallOptions.None }).Native);
    }

    private static ChatCall Call(string body, string instructions, string retrieved) => new()
    {
        Endpoint = new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") },
        Model = "m",
        Body = Encoding.UTF8.GetBytes(body),
        Stream = false,
        ResponseId = "r",
        ResponseModel = "a",
        Options = CallOptions.None with { SystemPrompt = Encoding.UTF8.GetBytes(instructions) },
        Retrieved = Encoding.UTF8.GetBytes(retrieved),
    };
}
