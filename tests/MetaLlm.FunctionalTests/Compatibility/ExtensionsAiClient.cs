using Microsoft.Extensions.AI;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>The abstractions of Microsoft.Extensions.AI over OpenAI's client.</summary>
internal sealed class ExtensionsAiClient(Uri address) : OpenAiClient(address)
{
    public override string Name => "`Microsoft.Extensions.AI.OpenAI`";

    public override IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features =>
    [
        ("plain", async kind => Heard((await Chat(kind).GetResponseAsync(Say)).Text)),
        ("stream", kind => InPiecesAsync(Chat(kind).GetStreamingResponseAsync(Say), update => update.Text)),
        ("tools over several steps", async kind =>
        {
            var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("weather", null, JsonDocument.Parse(City).RootElement)] };
            var messages = new List<ChatMessage> { new(ChatRole.User, Say) };
            for (var steps = 1; ; steps++)
            {
                var response = await Chat(kind).GetResponseAsync(messages, options);
                var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
                if (calls.Count == 0 || steps > MostSteps)
                {
                    Called(steps, response.Text);
                    return;
                }

                messages.AddRange(response.Messages);
                messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, "20 degrees"))]));
            }
        }),
        ("structured output", async kind => Filled((await Chat(kind).GetResponseAsync(Say, new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(Answer).RootElement, "answer"),
        })).Text)),
        ("an image", async kind => Saw((await Chat(kind).GetResponseAsync([new ChatMessage(ChatRole.User, [new TextContent(Say), new DataContent(Image.ToMemory(), "image/png")])])).Text)),
        ("leaving", kind => LeavesAsync(left => ReadAsync(Chat($"{kind}-staying").GetStreamingResponseAsync(Say, cancellationToken: left)))),
        ("an error", kind => ObjectsAsync(() => Chat($"{kind}-objecting").GetResponseAsync(Say))),
        ("vectors", async kind =>
        {
            using var generator = Client.GetEmbeddingClient($"{kind}-vectors").AsIEmbeddingGenerator();
            var vectors = await generator.GenerateAsync(["red apples", "blue whales"]);
            Unmet.Unless(vectors.Count == 2 && vectors.All(vector => vector.Vector.Length == UpstreamKind.Dimensions), "The vectors are others than were asked for.");
        }),
    ];

    private IChatClient Chat(string model) => Client.GetChatClient(model).AsIChatClient();
}
