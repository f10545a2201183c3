using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A message as Anthropic has it.")]
internal sealed record MessageBody
{
    [JsonPropertyName("id"), Description("`msg_` and the id of the decision.")]
    public required string Id { get; init; }

    [JsonPropertyName("type"), Description("Always `message`.")]
    public required string Type { get; init; }

    [JsonPropertyName("role"), Description("Always `assistant`.")]
    public required string Role { get; init; }

    [JsonPropertyName("model"), Description("The model that answered.")]
    public required string Model { get; init; }

    [JsonPropertyName("content"), Description("Blocks of text, thinking and calls of tools.")]
    public required IReadOnlyList<JsonElement> Content { get; init; }

    [JsonPropertyName("stop_reason"), Description("Why it ends: `end_turn`, `max_tokens`, `stop_sequence`, `tool_use` or `refusal`.")]
    public required string StopReason { get; init; }

    [JsonPropertyName("stop_sequence"), Description("The stop sequence that ended it, where the model says so.")]
    public required string? StopSequence { get; init; }

    [JsonPropertyName("usage"), Description("Tokens as the model counted them; what caches gave and took is counted beside `input_tokens`.")]
    public required JsonElement Usage { get; init; }
}
