using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Embeddings as OpenAI has them, under the model's id. Members that the model adds are handed on.")]
internal sealed record EmbeddingsBody
{
    [JsonPropertyName("object"), Description("`list`.")]
    public required string Object { get; init; }

    [JsonPropertyName("data"), Description("A vector for each text, each with its `index`.")]
    public required IReadOnlyList<JsonElement> Data { get; init; }

    [JsonPropertyName("model"), Description("The model that answered.")]
    public required string Model { get; init; }

    [JsonPropertyName("usage"), Description("Tokens, as the model counted them.")]
    public JsonElement? Usage { get; init; }
}
