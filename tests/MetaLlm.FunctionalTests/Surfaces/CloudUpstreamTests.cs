using System.ClientModel;
using Anthropic;
using Anthropic.Models.Messages;
using MetaLlm.FunctionalTests.Upstreams;
using OpenAI.Chat;
using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Clients of three formats with models at Gemini and at Bedrock, which both refuse what they have not signed.</summary>
/// <param name="clouds">The gateway.</param>
public sealed class CloudUpstreamTests(CloudGateway clouds) : IClassFixture<CloudGateway>
{
    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    [InlineData("by-bearer")]
    public async Task A_chat_is_completed_and_streamed(string model)
    {
        ChatCompletion completion = await clouds.Chat(model).CompleteChatAsync("Say something.");
        Assert.Equal((CloudUpstream.Words, model, ChatFinishReason.Stop), (completion.Content[0].Text, completion.Model, completion.FinishReason));
        Assert.Equal((20, 9), (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount));

        var (text, usage, end) = (string.Empty, (ChatTokenUsage?)null, (ChatFinishReason?)null);
        await foreach (var update in clouds.Chat(model).CompleteChatStreamingAsync("Say something."))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            (usage, end) = (update.Usage ?? usage, update.FinishReason ?? end);
        }

        Assert.Equal((CloudUpstream.Words, 29, ChatFinishReason.Stop), (text, usage!.TotalTokenCount, end!.Value));
    }

    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    public async Task Tools_are_called_over_several_steps_by_a_client_that_gives_the_reasoning_back(string model)
    {
        var tools = new[] { "weather", "time" }.Select(name => new { type = "function", function = new { name, parameters = new { type = "object" } } });
        var messages = new List<object> { new { role = "user", content = "How is it?" } };
        for (var step = 0; step < 2; step++)
        {
            var message = await AskAsync();
            Assert.Equal(CloudUpstream.Thought, message.GetProperty("reasoning_content").GetString());
            var calls = message.GetProperty("tool_calls").EnumerateArray().ToList();
            Assert.Equal("Köln \"am Rhein\"", JsonDocument.Parse(calls[0].GetProperty("function").GetProperty("arguments").GetString()!).RootElement.GetProperty("city").GetString());
            messages.Add(message);
            messages.AddRange(calls.Select(call => new { role = "tool", tool_call_id = call.GetProperty("id").GetString(), content = "sunny" }));
            message = await AskAsync();
            Assert.Equal("I saw 2 results.", message.GetProperty("content").GetString());
            messages.Add(message);
            messages.Add(new { role = "user", content = "And now?" });
        }

        async Task<JsonElement> AskAsync() =>
            (await clouds.Client.PostAsync("/v1/chat/completions", new { model, reasoning_effort = "low", max_tokens = 8000, tools, messages })).Ok().Json.GetProperty("choices")[0].GetProperty("message");
    }

    [Theory]
    [InlineData(CloudGateway.Gemini, false)]
    [InlineData(CloudGateway.Gemini, true)]
    [InlineData(CloudGateway.Claude, false)]
    [InlineData(CloudGateway.Claude, true)]
    public async Task Anthropics_client_thinks_and_uses_tools(string model, bool stream)
    {
        using var client = new AnthropicClient { BaseUrl = clouds.Address.ToString(), ApiKey = clouds.Key, ResponseValidation = true, MaxRetries = 0 };
        var turns = new List<MessageParam> { new UserMessageParam("How is it?") };
        var ask = new MessageCreateParams
        {
            Model = model, MaxTokens = 8000, Messages = turns, System = "Be brief.", Thinking = new ThinkingConfigEnabled(2048),
            Tools = [new Tool { Name = "weather", InputSchema = new InputSchema() }, new Tool { Name = "time", InputSchema = new InputSchema() }],
        };
        var first = await AskAsync();
        Assert.Equal("tool_use", first.Stop);
        Assert.Equal("thinking", Type(first.Content[0]));
        var calls = first.Content.Where(block => Type(block) == "tool_use").ToList();
        Assert.Equal(["weather", "time"], calls.Select(call => call.GetProperty("name").GetString()));
        Assert.All(calls, call => Assert.Equal("Köln \"am Rhein\"", call.GetProperty("input").GetProperty("city").GetString()));

        turns.Add(new AssistantMessageParam(first.Content.Select(block => new ContentBlockParam(block)).ToList()));
        turns.Add(new UserMessageParam(calls.Select(call => (ContentBlockParam)new ToolResultBlockParam(call.GetProperty("id").GetString()!) { Content = "sunny" }).ToList()));
        var second = await AskAsync();
        Assert.Equal("end_turn", second.Stop);
        Assert.Equal("I saw 2 results.", string.Concat(second.Content.Where(block => Type(block) == "text").Select(block => block.GetProperty("text").GetString())));

        async Task<(string? Stop, IReadOnlyList<JsonElement> Content)> AskAsync()
        {
            if (!stream)
            {
                var message = await client.Messages.Create(ask with { Messages = turns });
                return (message.StopReason?.Raw(), [.. message.Content.Select(block => block.Json)]);
            }

            var events = new List<JsonElement>();
            await foreach (var update in client.Messages.CreateStreaming(ask with { Messages = turns }))
            {
                events.Add(update.Json);
            }

            return StreamedMessage.Read(events);
        }
    }

    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    public async Task The_client_of_Responses_uses_functions_over_several_steps_and_thinks(string model)
    {
        var client = clouds.Responses();
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("How is it?")]) { MaxOutputTokenCount = 8000 };
        foreach (var name in new[] { "weather", "time" })
        {
            options.Tools.Add(ResponseTool.CreateFunctionTool(name, BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false));
        }

        options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low };
        ResponseResult response = await client.CreateResponseAsync(options);
        var calls = response.OutputItems.OfType<FunctionCallResponseItem>().ToList();
        Assert.Equal(CloudUpstream.Thought, Assert.IsType<ReasoningResponseItem>(response.OutputItems[0]).GetSummaryText());
        Assert.Equal(["weather", "time"], calls.Select(call => call.FunctionName));

        var next = new CreateResponseOptions(model, calls.Select(call => (ResponseItem)ResponseItem.CreateFunctionCallOutputItem(call.CallId, "sunny")))
        {
            PreviousResponseId = response.Id, StreamingEnabled = true, MaxOutputTokenCount = 8000, ReasoningOptions = options.ReasoningOptions,
        };
        foreach (var tool in options.Tools)
        {
            next.Tools.Add(tool);
        }

        var text = string.Empty;
        await foreach (var update in await client.CreateResponseStreamingAsync(next))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate piece ? piece.Delta : null;
        }

        Assert.Equal("I saw 2 results.", text);
    }

    [Theory]
    [InlineData("gemini-missing", 502)]
    [InlineData("gemini-busy", 502)]
    [InlineData("gemini-limited", 429)]
    [InlineData("gemini-blocked", 400)]
    [InlineData("busy", 502)]
    [InlineData("limited", 429)]
    public async Task Failures_have_the_status_that_they_have_elsewhere(string model, int status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => clouds.Chat(model).CompleteChatAsync("x"))).Status);

    [Theory]
    [InlineData("gemini-cut")]
    [InlineData("cut")]
    public async Task A_stream_that_breaks_off_ends_with_an_error(string model)
    {
        var cut = await StreamedReply.ReadAsync(await clouds.Client.StreamAsync(new { model, stream = true, messages = new[] { new { role = "user", content = "x" } } }));
        Assert.False(cut.IsWhole);
        Assert.Equal("upstream_cut", cut.Error!.Value.GetProperty("code").GetString());
    }

    private static string? Type(JsonElement block) => block.GetProperty("type").GetString();
}
