using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class OpenAiResponsesClient(Uri address) : OpenAiClient(address)
{
    public override string Name => "`OpenAI`, Responses";

    public override IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features =>
    [
        ("plain", async kind => Heard(await AskAsync(Options(kind)))),
        ("stream", async kind => await InPiecesAsync(await Responses.CreateResponseStreamingAsync(kind, Say, null), update => update is StreamingResponseOutputTextDeltaUpdate piece ? piece.Delta : null)),
        ("tools over several steps", async kind =>
        {
            var options = Options(kind);
            options.Tools.Add(ResponseTool.CreateFunctionTool("weather", BinaryData.FromString(City), strictModeEnabled: true));
            for (var steps = 1; ; steps++)
            {
                var response = (await Responses.CreateResponseAsync(options)).Value;
                var calls = response.OutputItems.OfType<FunctionCallResponseItem>().ToList();
                if (calls.Count == 0 || steps > MostSteps)
                {
                    Called(steps, response.GetOutputText());
                    return;
                }

                foreach (var item in response.OutputItems.Concat(calls.Select(call => ResponseItem.CreateFunctionCallOutputItem(call.CallId, "20 degrees"))))
                {
                    options.InputItems.Add(item);
                }
            }
        }),
        ("structured output", async kind =>
        {
            var options = Options(kind);
            options.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString(Answer), jsonSchemaIsStrict: true) };
            Filled(await AskAsync(options));
        }),
        ("an image", async kind => Saw(await AskAsync(new CreateResponseOptions(kind, [ResponseItem.CreateUserMessageItem(
            [ResponseContentPart.CreateInputTextPart(Say), ResponseContentPart.CreateInputImagePart(new Uri($"data:image/png;base64,{Convert.ToBase64String(Image)}"))])])))),
        ("leaving", kind => LeavesAsync(async left => await ReadAsync(await Responses.CreateResponseStreamingAsync($"{kind}-staying", Say, null, left)))),
        ("an error", kind => ObjectsAsync(() => AskAsync(Options($"{kind}-objecting")))),
    ];

    private ResponsesClient Responses => Client.GetResponsesClient();

    private async Task<string> AskAsync(CreateResponseOptions options) => (await Responses.CreateResponseAsync(options)).Value.GetOutputText();

    private static CreateResponseOptions Options(string model) => new(model, [ResponseItem.CreateUserMessageItem(Say)]);
}
