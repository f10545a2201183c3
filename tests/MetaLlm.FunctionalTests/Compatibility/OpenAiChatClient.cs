using OpenAI.Chat;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class OpenAiChatClient(Uri address) : OpenAiClient(address)
{
    public override string Name => "`OpenAI`, chat";

    public override IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features =>
    [
        ("plain", async kind => Heard(await AskAsync(kind, [Say]))),
        ("stream", kind => InPiecesAsync(Chat(kind).CompleteChatStreamingAsync(Say), update => string.Concat(update.ContentUpdate.Select(part => part.Text)))),
        ("tools over several steps", async kind =>
        {
            var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", null, BinaryData.FromString(City)) } };
            var messages = new List<ChatMessage> { new UserChatMessage(Say) };
            for (var steps = 1; ; steps++)
            {
                var completion = (await Chat(kind).CompleteChatAsync(messages, options)).Value;
                if (completion.ToolCalls.Count == 0 || steps > MostSteps)
                {
                    Called(steps, string.Concat(completion.Content.Select(part => part.Text)));
                    return;
                }

                messages.Add(new AssistantChatMessage(completion));
                messages.AddRange(completion.ToolCalls.Select(call => new ToolChatMessage(call.Id, JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString())));
            }
        }),
        ("structured output", async kind => Filled(await AskAsync(kind, [Say], new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString(Answer), jsonSchemaIsStrict: true) }))),
        ("an image", async kind => Saw(await AskAsync(kind, [new UserChatMessage(ChatMessageContentPart.CreateTextPart(Say), ChatMessageContentPart.CreateImagePart(Image, "image/png"))]))),
        ("leaving", kind => LeavesAsync(left => ReadAsync(Chat($"{kind}-staying").CompleteChatStreamingAsync([Say], null, left)))),
        ("an error", kind => ObjectsAsync(() => AskAsync($"{kind}-objecting", [Say]))),
    ];

    private ChatClient Chat(string model) => Client.GetChatClient(model);

    private async Task<string> AskAsync(string model, IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null) =>
        string.Concat((await Chat(model).CompleteChatAsync(messages, options)).Value.Content.Select(part => part.Text));
}
