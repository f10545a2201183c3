using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Extensions.AI.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Extensions.AI.Tests.Chat;

/// <summary>What a tenant's guardrails say holds for calls of its own process too, and its request log has them.</summary>
[Collection(NodeGroup.Name)]
public sealed class GuardedChatTests(Node node)
{
    [Fact]
    public async Task A_blocked_request_is_an_error_and_asks_no_model()
    {
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => node.Client("guarded").GetResponseAsync("Where is my sword?"));
        Assert.Equal("content_blocked", error.Code);
        Assert.DoesNotContain(node.Small.Asked, call => call.Messages[^1].Text.Contains("my sword", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Texts_are_replaced_on_both_ways_and_the_log_has_what_passed(bool stream)
    {
        var question = $"Does Tom like milk {stream}?";
        var response = stream
            ? await node.Client("guarded").GetStreamingResponseAsync(question).ToChatResponseAsync()
            : await node.Client("guarded").GetResponseAsync(question);
        Assert.Equal($"small says: Does a cat like a drink {stream}?", response.Text);

        var id = response.GetRoutingDecision()!.DecisionId;
        var store = node.Services.GetRequiredService<IRequestLogStore>();
        var kept = await Eventually.ReadAsync("the request is kept", async () => await store.FindAsync("guarded", id, default), found => found is not null, _ => "nothing");
        using var head = JsonDocument.Parse(kept!.Head);
        Assert.Equal((200, "small"), (head.RootElement.GetProperty("status").GetInt32(), head.RootElement.GetProperty("model").GetString()));
        Assert.False(kept.Body.IsEmpty);
    }
}
