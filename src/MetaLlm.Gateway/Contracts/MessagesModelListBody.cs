using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A page of models as Anthropic lists them.")]
internal sealed record MessagesModelListBody
{
    [JsonPropertyName("data"), Description("The models.")]
    public required IReadOnlyList<MessagesModelBody> Data { get; init; }

    [JsonPropertyName("has_more"), Description("Whether there are more.")]
    public required bool HasMore { get; init; }

    [JsonPropertyName("first_id"), Description("Id of the first; null without any.")]
    public required string? FirstId { get; init; }

    [JsonPropertyName("last_id"), Description("Id of the last; null without any.")]
    public required string? LastId { get; init; }
}
