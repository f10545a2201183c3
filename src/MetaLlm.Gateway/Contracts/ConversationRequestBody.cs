using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A conversation to begin.")]
internal sealed record ConversationRequestBody
{
    [JsonPropertyName("items"), Description("Items that it begins with, as in the `input` of a request.")]
    public IReadOnlyList<JsonElement>? Items { get; init; }

    [JsonPropertyName("metadata"), Description("What you note of it.")]
    public JsonElement? Metadata { get; init; }
}
