using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A part of a list, as OpenAI has it.")]
internal sealed record ItemListBody<T> : ListBody<T>
{
    [JsonPropertyName("first_id"), Description("Id of the first item; null for an empty list."), JsonPropertyOrder(1)]
    public required string? FirstId { get; init; }

    [JsonPropertyName("last_id"), Description("Id of the last item, which `after` gets for the next part; null for an empty list."), JsonPropertyOrder(1)]
    public required string? LastId { get; init; }

    [JsonPropertyName("has_more"), Description("Whether there are more."), JsonPropertyOrder(1)]
    public required bool HasMore { get; init; }
}
