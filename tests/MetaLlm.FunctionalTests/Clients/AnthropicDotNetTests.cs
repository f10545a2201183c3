using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>Anthropic's official .NET client, which checks what it gets, against models behind two kinds of upstreams.</summary>
public sealed class AnthropicDotNetTests : IAsyncLifetime, IDisposable
{
    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;
    private AnthropicClient _client = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("scripted", ScriptedModel.AnswerAsync);
        _gateway = await RunningGateway.StartAsync(SurfaceClients.Configure(_upstream));
        _client = new AnthropicClient { BaseUrl = _gateway.Address.ToString(), ApiKey = TestConfiguration.AlphaKey, ResponseValidation = true, MaxRetries = 0 };
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("sim-nano")]
    [InlineData("scripted")]
    public async Task It_gets_a_message_and_gives_feedback_on_it(string model)
    {
        var message = await _client.Messages.Create(Ask(model, "Say something."));
        Assert.NotEmpty(Text(message));
        Assert.Equal(model, message.Model.Raw());
        Assert.True(message.Usage.OutputTokens > 0);
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { id = message.ID, reward = 1 })).Ok();
    }

    [Theory]
    [InlineData("sim-nano")]
    [InlineData("scripted")]
    public async Task It_streams(string model)
    {
        var text = string.Empty;
        var tokens = 0L;
        var stopped = false;
        await foreach (var update in _client.Messages.CreateStreaming(Ask(model, "Say something.")))
        {
            text += update.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var piece) ? piece.Text : null;
            tokens = update.TryPickDelta(out var end) ? end.Usage.OutputTokens : tokens;
            stopped |= update.TryPickStop(out _);
        }

        Assert.NotEmpty(text);
        Assert.True(tokens > 0);
        Assert.True(stopped);
    }

    [Fact]
    public async Task It_uses_tools_over_several_steps_and_thinks()
    {
        var tool = new Tool { Name = "weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } };
        var turns = new List<MessageParam> { new UserMessageParam("How is the weather?") };
        Message message;
        var steps = 0;
        while (true)
        {
            message = await _client.Messages.Create(Ask("scripted", turns) with { Tools = [tool], Thinking = new ThinkingConfigEnabled(2048) });
            Assert.True(message.Content[0].TryPickThinking(out var thought));
            Assert.Equal(("Let me think.", ScriptedModel.Signature), (thought.Thinking, thought.Signature));
            Assert.True(message.Content[1].TryPickRedactedThinking(out _));
            if (message.StopReason?.Value() != StopReason.ToolUse)
            {
                break;
            }

            Assert.True(message.Content[2].TryPickToolUse(out var call));
            Assert.Equal("Rome", call.Input["city"].GetString());
            turns.Add(new AssistantMessageParam(message.Content.Select(block => new ContentBlockParam(block.Json)).ToList()));
            turns.Add(new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(call.ID) { Content = $"{20 + steps++} degrees" } }));
        }

        Assert.Equal("Results: 20 degrees, 21 degrees", Text(message));
    }

    [Fact]
    public async Task A_forced_tool_of_the_simulator_is_called()
    {
        var tool = new Tool { Name = "weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } };
        var message = await _client.Messages.Create(Ask("sim-nano", "How is the weather?") with { Tools = [tool], ToolChoice = new ToolChoiceAny() });
        Assert.True(message.Content.Single().TryPickToolUse(out var call));
        Assert.Equal("weather", call.Name);
        Assert.True(call.Input.ContainsKey("city"));
    }

    [Fact]
    public async Task It_shows_an_image()
    {
        var image = new ImageBlockParam(new Base64ImageSource { Data = "aW1hZ2U=", MediaType = MediaType.ImagePng });
        var message = await _client.Messages.Create(Ask("scripted", [new UserMessageParam(new List<ContentBlockParam> { new TextBlockParam("What is it?"), image })]));
        Assert.Equal("I see an image.", Text(message));
    }

    [Fact]
    public async Task It_understands_our_errors_and_counts_tokens()
    {
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => _client.Messages.Create(Ask("none", "x")));
        var objection = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => _client.Messages.Create(Ask("scripted", "please object")));
        Assert.Contains("I object.", objection.Message, StringComparison.Ordinal);
        using var stranger = new AnthropicClient { BaseUrl = _gateway.Address.ToString(), ApiKey = "unknown", MaxRetries = 0 };
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => stranger.Messages.Create(Ask("auto", "x")));
        Assert.True((await _client.Messages.CountTokens(new MessageCountTokensParams { Model = "auto", Messages = [new UserMessageParam("How long?")] })).InputTokens > 0);
    }

    [Fact]
    public async Task It_leaves_in_the_middle_of_a_stream_and_the_call_is_settled()
    {
        _upstream.On("scripted", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        string? id = null;
        await foreach (var update in _client.Messages.CreateStreaming(Ask("scripted", "Say something.")))
        {
            id = update.TryPickStart(out var start) ? start.Message.ID : id;
            if (update.TryPickContentBlockDelta(out _))
            {
                break;
            }
        }

        await _gateway.Alpha.DecisionAsync(id!, decision => decision.GetProperty("settlement") is { ValueKind: JsonValueKind.Object } settled && settled.GetProperty("outcome").GetString() == "aborted");
    }

    private static MessageCreateParams Ask(string model, string text) => Ask(model, [new UserMessageParam(text)]);

    private static MessageCreateParams Ask(string model, List<MessageParam> turns) => new() { Model = model, MaxTokens = 500, Messages = turns };

    private static string Text(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : null));
}
