using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Surfaces.Responses;

namespace MetaLlm.Gateway.Contracts;

[Description("A request of the Responses format as OpenAI has it. Members that are not listed here go to the model as they are.")]
internal sealed record ResponsesRequestBody
{
    [JsonPropertyName("model"), Description("`auto` to route, or the id of a model to use that one and no other."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("input"), Description("What is asked: a text, or a list of items.")]
    public required JsonElement Input { get; init; }

    [JsonPropertyName("instructions"), Description("A system prompt.")]
    public string? Instructions { get; init; }

    [JsonPropertyName("max_output_tokens"), Description("Most tokens of the answer."), Range(1, 100_000_000)]
    public int? MaxOutputTokens { get; init; }

    [JsonPropertyName("stream"), Description("Whether the answer comes as server-sent events.")]
    public bool? Stream { get; init; }

    [JsonPropertyName("store"), Description("Whether the response is kept, so that others may go on from it; true unless said otherwise.")]
    public bool? Store { get; init; }

    [JsonPropertyName("previous_response_id"), Description("The response that this one goes on from."), MinLength(1), MaxLength(ResponsesSurface.LongestId)]
    public string? PreviousResponseId { get; init; }

    [JsonPropertyName("conversation"), Description("The conversation that this is a turn of, its id or an object with it; not beside `previous_response_id`.")]
    public JsonElement? Conversation { get; init; }

    [JsonPropertyName("tools"), Description("Functions that the model may call; models without the capability `tools` are left out.")]
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    [JsonPropertyName("tool_choice"), Description("Which of them it shall call.")]
    public JsonElement? ToolChoice { get; init; }

    [JsonPropertyName("text"), Description("The form of the answer; with a `format` of JSON, models without the capability `json` are left out.")]
    public JsonElement? Text { get; init; }

    [JsonPropertyName("reasoning"), Description("How hard the model shall think.")]
    public JsonElement? Reasoning { get; init; }

    [JsonPropertyName("metadata"), Description("What is kept with the response.")]
    public JsonElement? Metadata { get; init; }

    [JsonPropertyName("metallm"), Description("What you ask of routing. It is taken out before the request goes on.")]
    public RoutingPreferencesBody? Metallm { get; init; }
}
