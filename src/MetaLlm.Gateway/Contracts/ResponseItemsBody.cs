using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Items of what was asked.")]
internal sealed record ResponseItemsBody
{
    [JsonPropertyName("object"), Description("Always `list`.")]
    public required string Object { get; init; }

    [JsonPropertyName("data"), Description("The items.")]
    public required IReadOnlyList<JsonElement> Data { get; init; }

    [JsonPropertyName("first_id"), Description("Id of the first; null without any.")]
    public required string? FirstId { get; init; }

    [JsonPropertyName("last_id"), Description("Id of the last; null without any.")]
    public required string? LastId { get; init; }

    [JsonPropertyName("has_more"), Description("Whether there are more.")]
    public required bool HasMore { get; init; }
}
