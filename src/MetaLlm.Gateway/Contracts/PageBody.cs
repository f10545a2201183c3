using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A part of a list.")]
internal sealed record PageBody<T>
{
    [JsonPropertyName("object"), Description("Always `list`."), Required]
    public string Object { get; init; } = "list";

    [JsonPropertyName("data"), Description("The items, in order.")]
    public required IReadOnlyList<T> Data { get; init; }

    [JsonPropertyName("has_more"), Description("Whether there are more.")]
    public required bool HasMore { get; init; }

    [JsonPropertyName("next"), Description("What `after` gets for the next part; null after the last.")]
    public required string? Next { get; init; }
}
