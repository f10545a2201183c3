namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>What the models of the shared application say.</summary>
internal static class Scripts
{
    public static ChatResponse Answer(string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (messages[^1].Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result)
        {
            return FakeChatClient.Text($"It is {result.Result}.");
        }

        if (messages[^1].Text == "Think")
        {
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm.") { ProtectedData = $"signed by {model}" }, new TextContent("Thought.")]));
        }

        if (options?.Tools is { Count: > 0 } tools)
        {
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call_1", tools[0].Name, new Dictionary<string, object?> { ["city"] = "Bonn" })]))
            {
                FinishReason = ChatFinishReason.ToolCalls,
                Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 3 },
            };
        }

        return options?.ResponseFormat is ChatResponseFormatJson { Schema: not null }
            ? FakeChatClient.Text("""{"name": "Bonn", "inhabitants": 335000}""")
            : FakeChatClient.Text($"{model} says: {messages[^1].Text}");
    }
}
