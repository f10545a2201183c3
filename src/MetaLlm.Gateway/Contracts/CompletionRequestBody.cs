using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("A completion request as OpenAI has it. Members that are not listed here go to the model as they are.")]
internal sealed record CompletionRequestBody
{
    [JsonPropertyName("model"), Description("`auto` to route, or the id of a model to use that one and no other."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("prompt"), Description("A text, or a list of 1 to 128 texts.")]
    public required JsonElement Prompt { get; init; }

    [JsonPropertyName("max_tokens"), Description("Most tokens of one answer."), Range(1, 100_000_000)]
    public int? MaxTokens { get; init; }

    [JsonPropertyName("n"), Description("Answers to each prompt."), Range(1, ChatRequestReader.MostChoices)]
    public int? N { get; init; }

    [JsonPropertyName("stream"), Description("Whether the answer comes as server-sent events.")]
    public bool? Stream { get; init; }

    [JsonPropertyName("metallm"), Description("What you ask of routing. It is taken out before the request goes on.")]
    public RoutingPreferencesBody? Metallm { get; init; }
}
