using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("A chat completion request as OpenAI has it. Members that are not listed here go to the model as they are.")]
internal sealed record ChatRequestBody
{
    [JsonPropertyName("model"), Description("`auto` to route, or the id of a model to use that one and no other."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("messages"), Description("The conversation."), MinLength(1)]
    public required IReadOnlyList<ChatMessageBody> Messages { get; init; }

    [JsonPropertyName("stream"), Description("Whether the answer comes as server-sent events.")]
    public bool? Stream { get; init; }

    [JsonPropertyName("tools"), Description("Functions that the model may call; models without the capability `tools` are left out.")]
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    [JsonPropertyName("response_format"), Description("What the answer is to look like; with the type `json_object` or `json_schema`, models without the capability `json` are left out.")]
    public JsonElement? ResponseFormat { get; init; }

    [JsonPropertyName("metallm"), Description("What you ask of routing. It is taken out before the request goes on.")]
    public RoutingPreferencesBody? Metallm { get; init; }
}
