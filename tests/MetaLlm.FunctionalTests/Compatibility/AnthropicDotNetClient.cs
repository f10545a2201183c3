using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class AnthropicDotNetClient(Uri address) : DotNetClient, IDisposable
{
    private readonly AnthropicClient _client = new() { BaseUrl = address.ToString(), ApiKey = TestConfiguration.AlphaKey, ResponseValidation = true, MaxRetries = 0 };

    public override string Name => "`Anthropic`";

    public override IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features =>
    [
        ("plain", async kind => Heard(Text(await _client.Messages.Create(Ask(kind))))),
        ("stream", kind => InPiecesAsync(_client.Messages.CreateStreaming(Ask(kind)), update => update.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var piece) ? piece.Text : null)),
        ("tools over several steps", async kind =>
        {
            var tool = new Tool { Name = "weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } };
            var turns = new List<MessageParam> { new UserMessageParam(Say) };
            for (var steps = 1; ; steps++)
            {
                var message = await _client.Messages.Create(Ask(kind) with { Messages = turns, Tools = [tool] });
                var results = message.Content.Select(block => block.TryPickToolUse(out var call) ? new ContentBlockParam(new ToolResultBlockParam(call.ID) { Content = "20 degrees" }) : null).OfType<ContentBlockParam>().ToList();
                if (results.Count == 0 || steps > MostSteps)
                {
                    Called(steps, Text(message));
                    return;
                }

                turns.Add(new AssistantMessageParam(message.Content.Select(block => new ContentBlockParam(block.Json)).ToList()));
                turns.Add(new UserMessageParam(results));
            }
        }),
        ("structured output", async kind => Filled(Text(await _client.Messages.Create(Ask(kind) with
        {
            OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Answer)! } },
        })))),
        ("an image", async kind => Saw(Text(await _client.Messages.Create(Ask(kind) with
        {
            Messages = [new UserMessageParam(new List<ContentBlockParam> { new TextBlockParam(Say), new ImageBlockParam(new Base64ImageSource { Data = Convert.ToBase64String(Image), MediaType = MediaType.ImagePng }) })],
        })))),
        ("leaving", kind => LeavesAsync(left => ReadAsync(_client.Messages.CreateStreaming(Ask($"{kind}-staying"), left)))),
        ("an error", kind => ObjectsAsync(() => _client.Messages.Create(Ask($"{kind}-objecting")))),
    ];

    public void Dispose() => _client.Dispose();

    public override Refused? Refusal(Exception error) => error is AnthropicApiException refused ? new Refused(refused.StatusCode, refused.ResponseBody, isOfModel: true) : null;

    private static MessageCreateParams Ask(string model) => new() { Model = model, MaxTokens = 500, Messages = [new UserMessageParam(Say)] };

    private static string Text(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : null));
}
