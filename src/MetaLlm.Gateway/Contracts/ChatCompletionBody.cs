using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A chat completion as the model gave it, under the id of the decision.")]
internal sealed record ChatCompletionBody
{
    [JsonPropertyName("id"), Description("`chatcmpl-` and the id of the decision.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("As the model gave it.")]
    public required string Object { get; init; }

    [JsonPropertyName("model"), Description("The model that answered.")]
    public required string Model { get; init; }

    [JsonPropertyName("choices"), Description("The answers.")]
    public required IReadOnlyList<JsonElement> Choices { get; init; }

    [JsonPropertyName("usage"), Description("Tokens as the model counted them.")]
    public JsonElement? Usage { get; init; }
}
