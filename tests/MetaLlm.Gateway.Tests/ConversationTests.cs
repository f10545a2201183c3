using System.Text.Json;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tests;

public sealed class ConversationTests
{
    [Theory]
    [InlineData("""[{"role":"system","content":"s"},{"role":"user","content":"one"},{"role":"assistant","content":"two"}]""", "one", false)]
    [InlineData("""[{"role":"user","content":"one"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}},{"type":"text","text":"b"}]}]""", "a\nb", true)]
    [InlineData("""[{"role":"system","content":"only"}]""", "only", false)]
    [InlineData("""[{"role":"user","content":null}]""", "", false)]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","tool_call_id":"1","content":"r"}]""", "q", false)]
    public void The_query_is_what_the_user_said_last(string messages, string query, bool images)
    {
        var conversation = Read(messages);
        Assert.Equal(query, conversation.Query);
        Assert.Equal(images, conversation.HasImages);
        Assert.True(conversation.Tokens >= 1);
    }

    [Fact]
    public void Every_message_counts_towards_the_tokens()
    {
        Assert.Equal(2 * (4 + 25), Read($$"""[{"role":"system","content":"{{new string('x', 100)}}"},{"role":"user","content":"{{new string('y', 100)}}"}]""").Tokens);
    }

    private static Conversation Read(string messages)
    {
        using var document = JsonDocument.Parse($$"""{"messages":{{messages}}}""");
        return Conversation.Read(new JsonObjectReader(document.RootElement, string.Empty));
    }
}
