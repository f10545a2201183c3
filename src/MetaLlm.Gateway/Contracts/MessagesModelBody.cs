using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A model as Anthropic lists it.")]
internal sealed record MessagesModelBody
{
    [JsonPropertyName("id"), Description("What a request names in `model`.")]
    public required string Id { get; init; }

    [JsonPropertyName("type"), Description("Always `model`."), Required]
    public string Type { get; init; } = "model";

    [JsonPropertyName("display_name"), Description("Its id.")]
    public required string DisplayName { get; init; }

    [JsonPropertyName("created_at"), Description("Always the beginning of 1970."), Required]
    public string CreatedAt { get; init; } = "1970-01-01T00:00:00Z";

    [JsonPropertyName("max_input_tokens"), Description("Longest prompt, tokens; null when it is not known.")]
    public required int? MaxInputTokens { get; init; }

    [JsonPropertyName("metallm"), Description("Prices and abilities; `auto` has none."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelDetailsBody? Metallm { get; init; }
}
