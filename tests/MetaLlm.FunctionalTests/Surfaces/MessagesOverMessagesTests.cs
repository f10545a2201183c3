using Anthropic;
using Anthropic.Models.Messages;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Anthropic's official client of a gateway whose models lie at a provider of the same format: what either says reaches the other, though chat lies between.</summary>
public sealed class MessagesOverMessagesTests : IAsyncLifetime
{
    private const string Model = "claude-sonnet-4-5";

    private AnthropicGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await AnthropicGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Thinking_tools_and_their_results_go_there_and_back()
    {
        using var client = Client();
        var tool = new Tool { Name = "weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } };
        var turns = new List<MessageParam> { new UserMessageParam("How is the weather?") };
        var ask = new MessageCreateParams { Model = Model, MaxTokens = 8000, Messages = turns, System = "Be brief.", Tools = [tool], Thinking = new ThinkingConfigEnabled(2048) };

        var first = await client.Messages.Create(ask);

        Assert.Equal(StopReason.ToolUse, first.StopReason?.Value());
        Assert.True(first.Content[0].TryPickThinking(out var thought));
        Assert.Equal(AnthropicAnswers.Signature(thought.Thinking), thought.Signature);
        Assert.True(first.Content[1].TryPickRedactedThinking(out _));
        Assert.True(first.Content[^1].TryPickToolUse(out var call));
        Assert.Equal("Köln \"am Rhein\"", call.Input["city"].GetString());
        Assert.Equal("enabled", _gateway.Upstream.Requests.Last().GetProperty("thinking").GetProperty("type").GetString());
        Assert.Equal(2048, _gateway.Upstream.Requests.Last().GetProperty("thinking").GetProperty("budget_tokens").GetInt32());

        turns.Add(new AssistantMessageParam(first.Content.Select(block => new ContentBlockParam(block.Json)).ToList()));
        turns.Add(new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(call.ID) { Content = "20 degrees" } }));
        var second = await client.Messages.Create(ask with { Messages = turns });

        Assert.Equal(StopReason.EndTurn, second.StopReason?.Value());
        var sent = _gateway.Upstream.Requests.Last().GetProperty("messages");
        Assert.Equal(["thinking", "redacted_thinking", "text", "tool_use"], sent[1].GetProperty("content").EnumerateArray().Select(Type));
        Assert.Equal(["tool_result"], sent[2].GetProperty("content").EnumerateArray().Select(Type));
        Assert.All(_gateway.Upstream.Bills, bill => Assert.True(bill.IsKnown));
    }

    [Fact]
    public async Task A_stream_has_the_same_blocks_and_counts_as_the_whole_answer()
    {
        using var client = Client();
        var ask = new MessageCreateParams { Model = Model, MaxTokens = 8000, Messages = [new UserMessageParam("Say something.")], Thinking = new ThinkingConfigEnabled(2048) };
        var whole = await client.Messages.Create(ask);

        var (text, thinking, signature, output, types) = ("", "", "", 0L, new List<string>());
        await foreach (var update in client.Messages.CreateStreaming(ask))
        {
            if (update.TryPickContentBlockStart(out var start))
            {
                types.Add(Type(start.ContentBlock.Json));
            }

            if (update.TryPickContentBlockDelta(out var delta))
            {
                text += delta.Delta.TryPickText(out var piece) ? piece.Text : "";
                thinking += delta.Delta.TryPickThinking(out var thought) ? thought.Thinking : "";
                signature += delta.Delta.TryPickSignature(out var signed) ? signed.Signature : "";
            }

            output = update.TryPickDelta(out var end) ? end.Usage.OutputTokens : output;
        }

        Assert.Equal(whole.Content.Select(block => Type(block.Json)), types);
        Assert.Equal(string.Concat(whole.Content.Select(block => block.TryPickText(out var said) ? said.Text : null)), text);
        Assert.Equal(AnthropicAnswers.Signature(thinking), signature);
        Assert.Equal(whole.Usage.OutputTokens, output);
    }

    private AnthropicClient Client() =>
        new() { BaseUrl = _gateway.Gateway.Address.ToString(), ApiKey = UpstreamConfiguration.Key("payer"), ResponseValidation = true, MaxRetries = 0 };

    private static string Type(JsonElement block) => block.GetProperty("type").GetString()!;
}
