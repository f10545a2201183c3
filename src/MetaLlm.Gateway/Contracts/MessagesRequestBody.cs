using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("A request as Anthropic has it. Members that are not listed here, such as `top_k`, go to the model as they are.")]
internal sealed record MessagesRequestBody
{
    [JsonPropertyName("model"), Description("`auto` to route, or the id of a model to use that one and no other."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("max_tokens"), Description("Most tokens of the answer."), Range(1, 100_000_000)]
    public required int MaxTokens { get; init; }

    [JsonPropertyName("messages"), Description("The conversation; each has a `role` and a `content`, a text or a list of blocks."), MinLength(1)]
    public required IReadOnlyList<JsonElement> Messages { get; init; }

    [JsonPropertyName("system"), Description("The system prompt, a text or a list of blocks of text.")]
    public JsonElement? System { get; init; }

    [JsonPropertyName("stream"), Description("Whether the answer comes as server-sent events.")]
    public bool? Stream { get; init; }

    [JsonPropertyName("tools"), Description("Tools of your own that the model may call; models without the capability `tools` are left out.")]
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    [JsonPropertyName("tool_choice"), Description("Which of them it shall call.")]
    public JsonElement? ToolChoice { get; init; }

    [JsonPropertyName("stop_sequences"), Description("Texts that end the answer.")]
    public IReadOnlyList<string>? StopSequences { get; init; }

    [JsonPropertyName("thinking"), Description("Whether the model shall think, and how long.")]
    public JsonElement? Thinking { get; init; }

    [JsonPropertyName("output_config"), Description("The form of the answer, and how hard the model shall think; with a `format`, models without the capability `json` are left out.")]
    public JsonElement? OutputConfig { get; init; }

    [JsonPropertyName("metadata"), Description("`user_id`: who asks, of your users.")]
    public JsonElement? Metadata { get; init; }

    [JsonPropertyName("metallm"), Description("What you ask of routing. It is taken out before the request goes on.")]
    public RoutingPreferencesBody? Metallm { get; init; }
}
