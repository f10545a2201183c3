using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A completion as OpenAI has it. Members that the model adds are handed on.")]
internal sealed record CompletionBody
{
    [JsonPropertyName("id"), Description("The decision, as ids of answers have it.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("`text_completion`.")]
    public required string Object { get; init; }

    [JsonPropertyName("created"), Description("Seconds since 1970.")]
    public long? Created { get; init; }

    [JsonPropertyName("model"), Description("The model that answered.")]
    public required string Model { get; init; }

    [JsonPropertyName("choices"), Description("The answers, each with its `text`.")]
    public required IReadOnlyList<JsonElement> Choices { get; init; }

    [JsonPropertyName("usage"), Description("Tokens, as the model counted them.")]
    public JsonElement? Usage { get; init; }
}
