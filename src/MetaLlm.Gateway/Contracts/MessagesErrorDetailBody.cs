using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What is wrong, with the gateway's own word for it beside Anthropic's.")]
internal sealed record MessagesErrorDetailBody
{
    [JsonPropertyName("type"), Description("Class of error, as Anthropic has it.")]
    public required string Type { get; init; }

    [JsonPropertyName("message"), Description("For people: the field, its value and what is legal.")]
    public required string Message { get; init; }

    [JsonPropertyName("code"), Description("For programs; it does not change.")]
    public required string Code { get; init; }

    [JsonPropertyName("param"), Description("The field at fault; null for none.")]
    public required string? Param { get; init; }

    [JsonPropertyName("max_tokens"), Description("Of a request that caps have no room for: the most tokens of an answer with which it would fit now."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }

    [JsonPropertyName("window_ends_at"), Description("Of a request that caps have no room for: when the window ends that stands in the way."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WindowEndsAt { get; init; }
}
