using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A part of a list.")]
internal sealed record PageBody<T> : ListBody<T>
{
    [JsonPropertyName("has_more"), Description("Whether there are more."), JsonPropertyOrder(1)]
    public required bool HasMore { get; init; }

    [JsonPropertyName("next"), Description("What `after` gets for the next part; null after the last."), JsonPropertyOrder(1)]
    public required string? Next { get; init; }
}
