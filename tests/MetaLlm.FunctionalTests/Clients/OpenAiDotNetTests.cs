using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official .NET client, pointed at the gateway and otherwise as its documentation has it.</summary>
public sealed class OpenAiDotNetTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly OpenAIClient _client = new(
        new ApiKeyCredential(TestConfiguration.AlphaKey),
        new OpenAIClientOptions { Endpoint = new Uri(fixture.Gateway.Address, "v1") });

    [Fact]
    public async Task It_completes_a_chat()
    {
        ChatCompletion completion = await _client.GetChatClient("auto").CompleteChatAsync("Say something.");
        Assert.StartsWith("chatcmpl-", completion.Id, StringComparison.Ordinal);
        Assert.Contains(completion.Model, TestConfiguration.Arms);
        Assert.NotEmpty(completion.Content[0].Text);
        Assert.True(completion.Usage.OutputTokenCount > 0);
        (await fixture.Gateway.Alpha.PostAsync("/v1/feedback", new { id = completion.Id, reward = 1 })).Ok();
    }

    [Fact]
    public async Task It_streams_with_usage()
    {
        var text = string.Empty;
        ChatTokenUsage? usage = null;
        await foreach (var update in _client.GetChatClient("auto").CompleteChatStreamingAsync("Say something."))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(text);
        Assert.True(usage?.OutputTokenCount > 0);
    }

    [Fact]
    public async Task It_lists_models()
    {
        var models = await _client.GetOpenAIModelClient().GetModelsAsync();
        Assert.Equal(["auto", .. TestConfiguration.Arms], models.Value.Select(m => m.Id));
    }

    [Fact]
    public async Task It_understands_our_errors()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetChatClient("gpt-unknown").CompleteChatAsync("x"));
        Assert.Equal(404, failure.Status);
        Assert.Contains("gpt-unknown", failure.Message, StringComparison.Ordinal);
    }
}
