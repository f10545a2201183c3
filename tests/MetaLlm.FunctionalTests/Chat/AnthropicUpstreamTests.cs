using System.ClientModel;
using MetaLlm.FunctionalTests.Upstreams;
using OpenAI.Chat;

namespace MetaLlm.FunctionalTests.Chat;

/// <summary>What clients of the OpenAI format do, with models behind the Messages API.</summary>
public sealed class AnthropicUpstreamTests
{
    private const string Model = "claude-sonnet-4-5";

    [Fact]
    public async Task A_chat_is_completed_and_streamed()
    {
        await using var gateway = await AnthropicGateway.StartAsync();
        var chat = gateway.Chat("auto");
        ChatCompletion completion = await chat.CompleteChatAsync("Say something.");
        Assert.StartsWith("token ", completion.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal((Model, ChatFinishReason.Stop), (completion.Model, completion.FinishReason));
        Assert.Equal(12, completion.Usage.OutputTokenCount);

        var (text, usage, end) = (string.Empty, (ChatTokenUsage?)null, (ChatFinishReason?)null);
        await foreach (var update in chat.CompleteChatStreamingAsync("Say something."))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            (usage, end) = (update.Usage ?? usage, update.FinishReason ?? end);
        }

        Assert.Equal(completion.Content[0].Text, text);
        Assert.Equal((12, ChatFinishReason.Stop), (usage!.OutputTokenCount, end!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_are_called_over_several_steps_in_parallel(bool stream)
    {
        await using var gateway = await AnthropicGateway.StartAsync();
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "Tells it.", BinaryData.FromString("{\"type\":\"object\"}")), ChatTool.CreateFunctionTool("time") } };
        var messages = new List<ChatMessage> { new SystemChatMessage("Be brief."), new UserChatMessage("How is it?") };
        for (var step = 0; step < 2; step++)
        {
            var calls = stream ? await StreamCallsAsync(gateway.Chat(Model), messages, options) : (await gateway.Chat(Model).CompleteChatAsync(messages, options)).Value.ToolCalls;
            Assert.Equal(["weather", "time"], calls.Select(c => c.FunctionName));
            Assert.Equal("Köln \"am Rhein\"", JsonDocument.Parse(calls[0].FunctionArguments).RootElement.GetProperty("city").GetString());
            Assert.Equal("{}", calls[1].FunctionArguments.ToString());
            messages.Add(new AssistantChatMessage(calls));
            messages.AddRange(calls.Select(c => new ToolChatMessage(c.Id, "sunny")));
            ChatCompletion answer = await gateway.Chat(Model).CompleteChatAsync(messages, options);
            Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
            messages.Add(new AssistantChatMessage(answer));
            messages.Add(new UserChatMessage("And now?"));
        }
    }

    [Fact]
    public async Task Thinking_comes_back_signed_and_is_taken_again_with_the_tools_results()
    {
        await using var gateway = await AnthropicGateway.StartAsync();
        var tools = new[] { new { type = "function", function = new { name = "weather" } } };
        var user = new { role = "user", content = "How is it?" };
        var first = (await gateway.Client.PostAsync("/v1/chat/completions", new { model = Model, reasoning_effort = "low", max_tokens = 8000, tools, messages = new object[] { user } })).Ok().Json;
        var message = first.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("Let me think of it.", message.GetProperty("reasoning_content").GetString());
        Assert.Equal(2, message.GetProperty("reasoning_details").GetArrayLength());

        var result = new { role = "tool", tool_call_id = message.GetProperty("tool_calls")[0].GetProperty("id").GetString(), content = "sunny" };
        (await gateway.Client.PostAsync("/v1/chat/completions", new { model = Model, reasoning_effort = "low", max_tokens = 8000, tools, messages = new object[] { user, message, result } })).Ok();
        var sent = gateway.Upstream.Requests.Last();
        Assert.Equal(["thinking", "redacted_thinking", "text", "tool_use"], sent.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(b => b.GetProperty("type").GetString()));

        // Without it there is no thinking in the midst of a turn; the client learns that.
        var bare = new { role = "assistant", tool_calls = message.GetProperty("tool_calls") };
        var reply = (await gateway.Client.PostAsync("/v1/chat/completions", new { model = Model, reasoning_effort = "low", max_tokens = 8000, tools, messages = new object[] { user, bare, result } })).Ok();
        Assert.False(gateway.Upstream.Requests.Last().TryGetProperty("thinking", out _));
        Assert.Equal("reasoning_effort", reply.Headers["x-metallm-adapted-parameters"]);
    }

    [Fact]
    public async Task Structured_output_and_images_are_understood()
    {
        await using var gateway = await AnthropicGateway.StartAsync();
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString("{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"number\"}}}")) };
        ChatCompletion structured = await gateway.Chat(Model).CompleteChatAsync([new UserChatMessage("How much?")], options);
        Assert.Equal(42, JsonDocument.Parse(structured.Content[0].Text).RootElement.GetProperty("answer").GetInt32());

        ChatCompletion seen = await gateway.Chat(Model).CompleteChatAsync(new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("What is it?"),
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new byte[] { 1, 2, 3 }), "image/png"),
            ChatMessageContentPart.CreateImagePart(new Uri("https://a.example/b.png"))));
        Assert.Equal("I see 2.", seen.Content[0].Text);
    }

    [Fact]
    public async Task What_the_format_cannot_say_and_what_the_model_refuses_are_errors_of_the_clients_format()
    {
        await using var gateway = await AnthropicGateway.StartAsync(call => new Order(call.FirstText == "long" ? InvoiceFault.TooLong : InvoiceFault.None, 5), Model, "claude-missing");
        var several = await gateway.Client.PostAsync("/v1/chat/completions", new { model = Model, n = 2, messages = new[] { new { role = "user", content = "x" } } });
        Assert.Equal((HttpStatusCode.BadRequest, "n"), (several.Status, several.Json.GetProperty("error").GetProperty("param").GetString()));
        Assert.Empty(gateway.Upstream.Requests);

        var tooLong = await Assert.ThrowsAsync<ClientResultException>(() => gateway.Chat(Model).CompleteChatAsync("long"));
        Assert.Equal(400, tooLong.Status);
        Assert.Contains("context_length_exceeded", tooLong.Message, StringComparison.Ordinal);
        Assert.Equal(502, (await Assert.ThrowsAsync<ClientResultException>(() => gateway.Chat("claude-missing").CompleteChatAsync("x"))).Status);
    }

    [Fact]
    public async Task A_newer_version_of_the_format_can_be_asked_for_and_what_it_no_longer_takes_is_left_out()
    {
        await using var gateway = await AnthropicGateway.StartAsync(null, new Dictionary<string, string> { ["anthropic-version"] = AnthropicCall.NewerVersion });
        var reply = (await gateway.Client.PostAsync("/v1/chat/completions", new { model = Model, temperature = 0.5, messages = new[] { new { role = "user", content = "x" } } })).Ok();
        Assert.Equal("temperature", reply.Headers["x-metallm-adapted-parameters"]);
    }

    [Fact]
    public async Task An_overloaded_model_is_replaced_before_and_cut_after_its_first_words()
    {
        await using var gateway = await AnthropicGateway.StartAsync(
            call => new Order(call.FirstText == "cut" ? InvoiceFault.Cut : call.Model.StartsWith("claude-sonnet", StringComparison.Ordinal) ? InvoiceFault.RoleThenError : InvoiceFault.None, 20), Model, "claude-opus-4-6");
        for (var i = 0; i < 6; i++)
        {
            var whole = await StreamedReply.ReadAsync(await gateway.Client.StreamAsync(new { model = "auto", stream = true, messages = new[] { new { role = "user", content = "x" } } }));
            Assert.True(whole.IsWhole, whole.ToString());
        }

        var cut = await StreamedReply.ReadAsync(await gateway.Client.StreamAsync(new { model = "claude-opus-4-6", stream = true, messages = new[] { new { role = "user", content = "cut" } } }));
        Assert.False(cut.IsWhole);
        Assert.Equal("upstream_cut", cut.Error!.Value.GetProperty("code").GetString());
    }

    private static async Task<IReadOnlyList<ChatToolCall>> StreamCallsAsync(ChatClient chat, IEnumerable<ChatMessage> messages, ChatCompletionOptions options)
    {
        var calls = new SortedDictionary<int, (string Id, string Name, string Arguments)>();
        await foreach (var update in chat.CompleteChatStreamingAsync(messages, options))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                var (id, name, arguments) = calls.GetValueOrDefault(piece.Index);
                calls[piece.Index] = (piece.ToolCallId ?? id, piece.FunctionName ?? name, arguments + (piece.FunctionArgumentsUpdate is { } more && !more.ToMemory().IsEmpty ? more.ToString() : null));
            }
        }

        return [.. calls.Values.Select(c => ChatToolCall.CreateFunctionToolCall(c.Id, c.Name, BinaryData.FromString(c.Arguments)))];
    }
}
